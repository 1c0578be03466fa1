"""One file for each thing that can be wrong with an installation."""
