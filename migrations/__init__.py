"""One ordered history of the database, in hand-written SQL."""
