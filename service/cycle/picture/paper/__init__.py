"""The picture on paper and as data: an edition as PDF, and the numbers as files."""
