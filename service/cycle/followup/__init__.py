"""Follow-up: done or not, by when, with what, and the counts before and after."""
