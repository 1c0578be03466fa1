"""Feedback: everybody who reported hears what came of it."""
