"""Adapters that turn foreign records into rows of a municipality."""
