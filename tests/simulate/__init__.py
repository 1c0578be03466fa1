"""`make simulate`: what the detectors find, how soon, and how often they cry wolf. No test."""
