"""Passkeys: the service is the provider of those who have no other.

A passkey's person has an issuer and a subject like everybody: `ISSUER`, and a random handle that
the device keeps. A passkey is only ever made for an invited person or by one who is logged in with
a passkey; it needs the device's own check of its owner (user verification).
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tenants.founding import accept_provider
from tenants.scope import execute, fetch, fetch_row, fetch_value

ISSUER = "urn:kraftsamling:passkey"
PROVIDER_ID = UUID("00000000-0000-4000-8000-000000000001")
PROVIDER_NAME = "passernyckel"
ASSURANCE = 3
"""The level of assurance of a passkey: two factors, since the device's own check of its owner is
demanded each time, of which nobody can be talked out. Who the person is was vouched for by who
invited them, as for a colleague at the door."""

CHALLENGE_LIVES = "5 minutes"
LARGEST = 16 * 1024
MOST = 10
"""Passkeys of one person."""
LONGEST_LABEL = 60


class PasskeyRefused(Exception):
    """What the browser sent proves nothing. The reason is for the log, never for the page."""


@dataclass(frozen=True)
class House:
    """Where passkeys hold: the host of `base_url`, and no other address."""

    base_url: str

    @property
    def rp_id(self) -> str:
        return urlsplit(self.base_url).hostname or ""


@dataclass(frozen=True)
class Proven:
    """Who a passkey belongs to."""

    person_id: UUID
    subject: str


@dataclass(frozen=True)
class Passkey:
    """One of a person's passkeys, as its owner sees it."""

    id: UUID
    label: str
    added_at: datetime
    used_at: datetime | None


async def ask_for_new(
    house: House, *, browser: str, purpose: str, subject: str, account: str, name: str
) -> str:
    """The options, as JSON, with which a browser makes a passkey for `subject`.

    `purpose` says what it is made for; the answer counts for that alone and for this browser.
    """
    rows = await fetch("SELECT credential_id FROM passkey WHERE subject = $1", subject)
    challenge = await _challenge(browser, purpose, subject)
    options = generate_registration_options(
        rp_id=house.rp_id,
        rp_name="Kraftsamling",
        user_id=subject.encode(),
        user_name=account,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in rows
        ],
    )
    return str(options_to_json(options))


async def ask_for_known(house: House, *, browser: str) -> str:
    """The options, as JSON, with which a browser shows a passkey that it has for us."""
    options = generate_authentication_options(
        rp_id=house.rp_id,
        challenge=await _challenge(browser, "log-in", ""),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return str(options_to_json(options))


@dataclass(frozen=True)
class Made:
    """A new passkey that nobody owns yet."""

    subject: str
    credential_id: bytes
    public_key: bytes
    sign_count: int


async def check_new(house: House, answer: str, *, browser: str | None, purpose: str) -> Made:
    """The passkey that a browser made. Raises PasskeyRefused; what holds, holds once."""
    given = _read(answer)
    challenge, subject = await _taken(given, browser, purpose)
    try:
        found = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=house.rp_id,
            expected_origin=house.base_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyRefused(f"the new passkey does not verify: {error}") from error
    return Made(subject, found.credential_id, found.credential_public_key, found.sign_count)


async def keep(made: Made, *, person_id: UUID, label: str) -> UUID:
    """Store the passkey as `person_id`'s. Raises PasskeyRefused when somebody has it already."""
    if await fetch_value("SELECT count(*) FROM passkey WHERE person_id = $1", person_id) >= MOST:
        raise PasskeyRefused("too many passkeys")
    passkey_id = await fetch_value(
        """INSERT INTO passkey (credential_id, id, person_id, subject, public_key, sign_count,
                                label)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id""",
        made.credential_id,
        uuid4(),
        person_id,
        made.subject,
        made.public_key,
        made.sign_count,
        label[:LONGEST_LABEL],
    )
    if passkey_id is None:
        raise PasskeyRefused("the passkey is somebody's already")
    return UUID(str(passkey_id))


async def check_known(house: House, answer: str, *, browser: str | None) -> Proven:
    """Who shows a passkey. Raises PasskeyRefused; what holds, holds once."""
    given = _read(answer)
    challenge, _ = await _taken(given, browser, "log-in")
    row = await fetch_row(
        """SELECT person_id, subject, public_key, sign_count, credential_id FROM passkey
           WHERE credential_id = $1 FOR UPDATE""",
        _bytes(given.get("id")),
    )
    if row is None:
        raise PasskeyRefused("nobody has that passkey")
    handle = _part(given, "userHandle")
    if handle is not None and handle != row["subject"].encode():
        raise PasskeyRefused("the passkey names somebody else")
    try:
        found = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=house.rp_id,
            expected_origin=house.base_url,
            credential_public_key=row["public_key"],
            credential_current_sign_count=row["sign_count"],
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyRefused(f"the passkey does not verify: {error}") from error
    await execute(
        "UPDATE passkey SET sign_count = $2, used_at = now() WHERE credential_id = $1",
        row["credential_id"],
        found.new_sign_count,
    )
    return Proven(row["person_id"], row["subject"])


async def passkeys_of(person_id: UUID) -> list[Passkey]:
    rows = await fetch(
        """SELECT id, label, added_at, used_at FROM passkey WHERE person_id = $1
           ORDER BY added_at, id""",
        person_id,
    )
    return [Passkey(**dict(row)) for row in rows]


async def remove(passkey_id: UUID, *, person_id: UUID) -> bool:
    """Whether it is gone; the last one stays, since there would be no way back in."""
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", str(person_id))
    done = await execute(
        """DELETE FROM passkey WHERE id = $1 AND person_id = $2
           AND (SELECT count(*) FROM passkey WHERE person_id = $2) > 1""",
        passkey_id,
        person_id,
    )
    return done == "DELETE 1"


async def accept_passkeys() -> None:
    """Let people with passkeys enter the open scope's municipality."""
    if not await passkeys_accepted():
        await accept_provider(PROVIDER_ID)


async def passkeys_accepted() -> bool:
    """Whether the open scope's municipality lets people with passkeys in."""
    found = await fetch_value(
        """SELECT EXISTS (
               SELECT 1 FROM accepted_provider JOIN provider ON provider.id = provider_id
               WHERE provider_id = $1 AND withdrawn_at IS NULL AND enabled_at IS NOT NULL)""",
        PROVIDER_ID,
    )
    return bool(found)


def new_subject() -> str:
    """The handle of a person who is known by passkeys alone."""
    return secrets.token_urlsafe(24)


async def _challenge(browser: str, purpose: str, subject: str) -> bytes:
    challenge = secrets.token_bytes(32)
    # Those that nobody answered: swept now and then by whoever comes by.
    if secrets.randbelow(20) == 0:
        await execute(
            f"DELETE FROM passkey_challenge WHERE asked_at < now() - interval '{CHALLENGE_LIVES}'"
        )
    await execute(
        """INSERT INTO passkey_challenge (challenge_hash, browser_hash, purpose, subject)
           VALUES ($1, $2, $3, $4)""",
        sha256(challenge).digest(),
        sha256(browser.encode()).digest(),
        purpose,
        subject,
    )
    return challenge


async def _taken(given: dict[str, Any], browser: str | None, purpose: str) -> tuple[bytes, str]:
    """The challenge that is answered and whom it was about; once, and by this browser alone."""
    try:
        client = json.loads(_part(given, "clientDataJSON") or b"")
        challenge = _bytes(client.get("challenge"))
    except (ValueError, AttributeError, RecursionError) as error:
        raise PasskeyRefused("the answer says not what it answers") from error
    row = await fetch_row(
        f"""DELETE FROM passkey_challenge
            WHERE challenge_hash = $1 AND browser_hash = $2 AND purpose = $3
            RETURNING subject, asked_at > now() - interval '{CHALLENGE_LIVES}' AS fresh""",
        sha256(challenge).digest(),
        sha256((browser or "").encode()).digest(),
        purpose,
    )
    if row is None or not row["fresh"]:
        raise PasskeyRefused("nothing was asked of this browser")
    return challenge, row["subject"]


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LARGEST:
        raise PasskeyRefused("the answer is too large")
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused("the answer is not JSON") from error
    if not isinstance(given, dict) or not isinstance(given.get("response"), dict):
        raise PasskeyRefused("the answer is no credential")
    return given


def _part(given: dict[str, Any], name: str) -> bytes | None:
    value = given["response"].get(name)
    return None if value is None else _bytes(value)


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or not value.isascii():
        raise PasskeyRefused("a value is not base64url")
    try:
        return base64url_to_bytes(value)
    except ValueError as error:
        raise PasskeyRefused("a value is not base64url") from error
