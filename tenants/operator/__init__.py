"""Those who run the platform: who they are, and how they look into a municipality if they must."""
