"""The police's files among the reference data, as published."""

ARCHIVE = "data/police-events.csv.gz"
ANSWER = "data/police-api-500.json"
