"""Token buckets in PostgreSQL: how often one sender may do one thing, over all processes."""

from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from tenants.scope import execute, fetch_value


async def take(what: str, sender: str, *, size: int, per_second: float) -> bool:
    """Whether `sender` may do `what` once more now: `size` at once, then `per_second`.

    One upsert, so that any number at the same time get exactly what is left. An empty bucket is
    left as it is: asking again does not push the wait further away.
    """
    allowed = await fetch_value(
        """INSERT INTO rate_bucket AS bucket (key, tokens, filled_at)
           VALUES ($1, $2::double precision - 1, clock_timestamp())
           ON CONFLICT (key) DO UPDATE
           SET tokens = least($2, bucket.tokens + $3::double precision
                   * extract(epoch FROM clock_timestamp() - bucket.filled_at)) - 1,
               filled_at = clock_timestamp()
           WHERE least($2, bucket.tokens + $3::double precision
                   * extract(epoch FROM clock_timestamp() - bucket.filled_at)) >= 1
           RETURNING true""",
        _key(what, sender),
        float(size),
        per_second,
    )
    return allowed is True


async def first_time(what: str, value: str) -> bool:
    """Whether `value` has never been seen for `what` (until `sweep` forgets it)."""
    seen = await fetch_value(
        """INSERT INTO rate_bucket (key, tokens) VALUES ($1, 0)
           ON CONFLICT (key) DO NOTHING RETURNING true""",
        _key(what, value),
    )
    return seen is True


async def sweep() -> None:
    """Forget what is an hour old: every bucket is full again by then."""
    await execute("DELETE FROM rate_bucket WHERE filled_at < now() - interval '1 hour'")


def sender_of(address: str | None) -> str:
    """The key of a client address: an IPv6 sender owns a whole /64, so that counts as one."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def _key(what: str, sender: str) -> str:
    # Hashed, so that the table is no list of who was here.
    return f"{what}:{sha256(sender.encode()).hexdigest()[:40]}"
