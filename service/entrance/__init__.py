"""The way in: the public start page, log-in, choosing a municipality, log-out."""
