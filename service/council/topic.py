"""What open pages are told when something before the steering group has changed."""

TOPIC = "council"
