"""The web itself: pages and fragments, forms, errors, live updates. No domain words."""
