"""The places that a municipality counts by, exchanged without losing its history."""
