"""The wheel of EST, one slice per stage, in order."""
