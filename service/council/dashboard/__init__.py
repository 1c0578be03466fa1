"""The steering group's dashboard: one screen on the wall of a meeting room."""
