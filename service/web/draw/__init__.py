"""Drawings as SVG: pure functions from values to Markup, classes only, no request, no database."""
