"""Everything that has been decided, and what it led to."""
