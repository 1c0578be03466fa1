"""Triage: what the coordinator and the municipal police do with what came in."""
