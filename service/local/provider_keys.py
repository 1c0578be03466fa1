"""The local provider's signing keys: random for each installation, kept in one private file."""

import json
import secrets
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from service.local.private_file import write_private

ALGORITHMS = ("RS256", "ES256")
Key = RSAKey | ECKey


class SigningKeys:
    """Key pairs, newest first; the newest of each algorithm signs, all are published."""

    def __init__(self, path: Path, algorithm: str = "RS256") -> None:
        self.path = path
        self.algorithm = algorithm
        self.keys: list[Key] = []
        if path.exists():
            self.keys = [_load(entry) for entry in json.loads(path.read_text())["keys"]]
        else:
            self.rotate()

    def rotate(self, *, withdraw: bool = False) -> None:
        """Sign with new keys from now on; the old stay published unless they are withdrawn."""
        fresh = [_make(algorithm) for algorithm in ALGORITHMS]
        self.keys = fresh if withdraw else [*fresh, *self.keys]
        write_private(
            self.path, json.dumps({"keys": [key.as_dict(private=True) for key in self.keys]})
        )

    def published(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def sign(self, claims: dict[str, Any], *, kind: str = "JWT") -> str:
        key = next(key for key in self.keys if key.as_dict()["alg"] == self.algorithm)
        header = {"alg": self.algorithm, "typ": kind, "kid": key.kid}
        return jws.serialize_compact(header, json.dumps(claims), key, algorithms=ALGORITHMS)


def _make(algorithm: str) -> Key:
    names: Any = {"kid": secrets.token_urlsafe(12), "use": "sig", "alg": algorithm}
    if algorithm == "RS256":
        return RSAKey.generate_key(2048, names)
    return ECKey.generate_key("P-256", names)


def _load(entry: dict[str, Any]) -> Key:
    return RSAKey.import_key(entry) if entry["kty"] == "RSA" else ECKey.import_key(entry)
