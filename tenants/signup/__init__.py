"""How a municipality comes in: it asks, shows that the address is its own, agrees, is approved."""
