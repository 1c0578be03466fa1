"""Letters by mail: asked for in the transaction that gives the reason, sent by a job each."""
