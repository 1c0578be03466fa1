"""Nine invented municipalities for a first look. Nothing here has happened to anybody."""
