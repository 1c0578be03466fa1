"""The police's open events: a municipality-wide series of its own, never part of the picture.

The API gives no place below the municipality, counties publish by different habits, and what is
published is chosen for the press. So the events are counted by themselves and touch neither
expected values, coverage nor priority.
"""
