"""What the set-up does with the packages' raw geography; nothing here runs in a request."""
