"""Kom igång: what a new municipality still has to see over, in an order that makes sense."""
