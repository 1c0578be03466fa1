"""The interface for an organisation's own systems: hand in, and read back what became of it."""
