"""A sign-up as the municipality sees it: asked for, verified, agreed; in the platform's scope."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tenants.people.tokens import hash_of, token_of
from tenants.scope import execute, fetch, fetch_row, fetch_value

LIVES = timedelta(days=14)
LETTER_WITHIN = timedelta(hours=6)
"""How long the mail server may be away before the letter is given up."""
LONGEST_TOKEN = 100


class NoSignUp(LookupError):
    """Unknown, expired or refused: nobody is told which."""


class InUse(ValueError):
    """The municipality is in the service already."""


@dataclass(frozen=True)
class SigningUp:
    """A sign-up; each step's time is None until it is taken."""

    id: UUID
    code: str
    contact: str
    title: str
    email: str
    asked_at: datetime
    verified_at: datetime | None
    agreed_at: datetime | None
    version: str | None
    approved_at: datetime | None
    furnished_at: datetime | None


_STEPS = """
SELECT sign_up.id, code, contact, title, email, asked_at,
       verified.at AS verified_at, agreed.at AS agreed_at, agreed.version,
       approved.at AS approved_at, furnished.at AS furnished_at
FROM sign_up
LEFT JOIN sign_up_step AS verified ON verified.sign_up_id = id AND verified.step = 'verified'
LEFT JOIN sign_up_step AS agreed ON agreed.sign_up_id = id AND agreed.step = 'agreed'
LEFT JOIN sign_up_step AS approved ON approved.sign_up_id = id AND approved.step = 'approved'
LEFT JOIN sign_up_step AS furnished ON furnished.sign_up_id = id AND furnished.step = 'furnished'
LEFT JOIN sign_up_step AS refused ON refused.sign_up_id = id AND refused.step = 'refused'
WHERE refused.step IS NULL
"""


async def sign_up(*, code: str, contact: str, title: str, email: str, secret_key: str) -> UUID:
    """Ask for the municipality of that code; a letter goes to `email`. Raises InUse."""
    if await fetch_value("SELECT true FROM municipality WHERE code = $1", code):
        raise InUse(code)
    sign_up_id = uuid4()
    await execute(
        """INSERT INTO sign_up (id, token_hash, code, contact, title, email, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval)""",
        sign_up_id,
        hash_of(token_of("sign-up", sign_up_id, secret_key)),
        code,
        contact,
        title,
        email,
        LIVES,
    )
    return sign_up_id


async def find_sign_up(token: str) -> SigningUp:
    """What the link's `token` stands for. Raises NoSignUp."""
    row = None
    if len(token) <= LONGEST_TOKEN:
        row = await fetch_row(
            _STEPS + " AND token_hash = $1 AND (expires_at > now() OR approved.at IS NOT NULL)",
            hash_of(token),
        )
    if row is None:
        raise NoSignUp()
    return SigningUp(**dict(row))


async def sign_up_by_id(sign_up_id: UUID) -> SigningUp:
    """Raises NoSignUp."""
    row = await fetch_row(_STEPS + " AND id = $1", sign_up_id)
    if row is None:
        raise NoSignUp()
    return SigningUp(**dict(row))


async def unwritten() -> list[SigningUp]:
    """Those whose letter has not gone out yet, oldest first."""
    rows = await fetch(
        _STEPS
        + """ AND verified.at IS NULL AND asked_at > now() - $1::interval AND NOT EXISTS (
                  SELECT 1 FROM sign_up_step WHERE sign_up_id = id AND step = 'written')
              ORDER BY asked_at LIMIT 100""",
        LETTER_WITHIN,
    )
    return [SigningUp(**dict(row)) for row in rows]


async def waiting() -> list[SigningUp]:
    """Those that wait for the operator, oldest first; also one whose approval was cut short."""
    rows = await fetch(
        _STEPS
        + """ AND agreed.at IS NOT NULL AND furnished.at IS NULL
              AND (expires_at > now() OR approved.at IS NOT NULL) ORDER BY agreed.at"""
    )
    return [SigningUp(**dict(row)) for row in rows]


async def forget_expired() -> None:
    """Forget who asked and came no further, a month after the link went out; in any scope."""
    rows = await fetch(
        """SELECT id FROM sign_up WHERE expires_at < now() - interval '30 days' AND NOT EXISTS (
               SELECT 1 FROM sign_up_step WHERE sign_up_id = id AND step = 'approved')"""
    )
    ids = [row["id"] for row in rows]
    await execute("DELETE FROM sign_up_step WHERE sign_up_id = ANY ($1::uuid[])", ids)
    await execute("DELETE FROM sign_up WHERE id = ANY ($1::uuid[])", ids)


async def take_step(
    sign_up_id: UUID, step: str, *, version: str | None = None, person_id: UUID | None = None
) -> bool:
    """Whether the step was taken now: taking it twice changes nothing."""
    done = await execute(
        """INSERT INTO sign_up_step (sign_up_id, step, version, person_id)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING""",
        sign_up_id,
        step,
        version,
        person_id,
    )
    return done == "INSERT 0 1"
