"""The working group of a problem: put together in one step, invited by letter, changed."""
