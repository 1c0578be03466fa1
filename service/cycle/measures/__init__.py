"""Measures: proposed on a cause, decided by the council, done by a working group."""
