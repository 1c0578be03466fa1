"""Chance that can be repeated: the same municipality and week always draw the same numbers."""

from datetime import date
from hashlib import blake2b
from uuid import UUID


def seed_for(municipality: UUID, week: date) -> int:
    """A seed of 64 bits from municipality and ISO Monday."""
    digest = blake2b(f"{municipality}/{week.isoformat()}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
