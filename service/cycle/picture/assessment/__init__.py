"""What the group adds to the calculated picture, and stands for: never automatic, always signed."""
