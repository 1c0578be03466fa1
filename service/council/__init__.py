"""The BRÅ group itself: what its steering members need in order to decide."""
