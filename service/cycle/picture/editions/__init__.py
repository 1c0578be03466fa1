"""Editions: drafted, commented, approved, signed and frozen, so that they can be proved."""
