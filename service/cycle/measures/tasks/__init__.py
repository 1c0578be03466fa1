"""The tasks of a working group: set, handed over, completed; what is late or ownerless says so."""
