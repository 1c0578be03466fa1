"""A proposal before the steering group: read, comment, vote, decide, reserve."""
