"""What the people of a BRÅ group do."""
