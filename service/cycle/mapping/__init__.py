"""Kartläggning: what actors see, handed in and counted."""
