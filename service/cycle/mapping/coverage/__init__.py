"""Coverage: who has been heard from, who has not, and the reminder."""
