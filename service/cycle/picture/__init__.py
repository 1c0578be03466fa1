"""Lägesbild: the counts of a municipality compiled to one shared picture, with its reasons."""
