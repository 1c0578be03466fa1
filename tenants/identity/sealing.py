"""Client secrets at rest: encrypted with a key derived from the installation's secret.

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


def keys_of(secret_key: str) -> list[str]:
    """The installation's keys, the newest first."""
    return [part for part in secret_key.split(BETWEEN) if part]


def seal(secret: str, secret_key: str) -> str:
    return _fernet(secret_key).encrypt(secret.encode()).decode()


def unseal(sealed: str, secret_key: str) -> str:
    try:
        return _fernet(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("a client secret cannot be read with this KS_SECRET_KEY") from error


def _fernet(secret_key: str) -> MultiFernet:
    return MultiFernet([_derived(key) for key in keys_of(secret_key)])


def _derived(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ks provider client secret")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))
