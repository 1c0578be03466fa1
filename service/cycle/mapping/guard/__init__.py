"""No personal data: what in a text can point out a person, where it stands, and why."""
