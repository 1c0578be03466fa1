"""The municipality's own map under the points: sent, read by a worker, shown, taken away."""
