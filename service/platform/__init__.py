"""The pages of those who run the platform: which municipalities there are, and no content."""
