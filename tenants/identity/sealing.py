"""Secrets at rest: encrypted with a key derived from the installation's secret.

The installation's secret may hold several keys, the newest first, with a bar between them: what was
sealed with an older one still opens, and what is sealed now needs the newest.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BETWEEN = "|"


class SealBroken(Exception):
    """The secret was sealed under another KS_SECRET_KEY, or altered."""


# What a secret is for is part of its key: one that is stored in the wrong place does not open.
CLIENT_SECRETS = b"ks provider client secret"
CLIENT_KEYS = b"ks client signing key"


def keys_of(secret_key: str) -> list[str]:
    """The installation's keys, the newest first."""
    return [part for part in secret_key.split(BETWEEN) if part]


def seal(secret: str, secret_key: str, purpose: bytes = CLIENT_SECRETS) -> str:
    return _fernet(secret_key, purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, secret_key: str, purpose: bytes = CLIENT_SECRETS) -> str:
    try:
        return _fernet(secret_key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("a secret cannot be read with this KS_SECRET_KEY") from error


def _fernet(secret_key: str, purpose: bytes) -> MultiFernet:
    return MultiFernet([_derived(key, purpose) for key in keys_of(secret_key)])


def _derived(key: str, purpose: bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))
