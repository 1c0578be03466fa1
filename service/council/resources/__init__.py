"""What a year's measures may cost, what has been given, and what is left."""
