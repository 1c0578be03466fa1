"""Client secrets at rest: encrypted with a key derived from the installation's secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """The secret was sealed under another KS_SECRET_KEY, or altered."""


def seal(secret: str, secret_key: str) -> str:
    return _fernet(secret_key).encrypt(secret.encode()).decode()


def unseal(sealed: str, secret_key: str) -> str:
    try:
        return _fernet(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("a client secret cannot be read with this KS_SECRET_KEY") from error


def _fernet(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ks provider client secret")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
