"""The seats of the steering group, and who holds them."""
