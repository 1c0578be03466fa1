"""A device with passkeys, in software: it signs as a real one, and lies when a test wants it to."""

import base64
import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One device with one passkey. `origin` and `flags` may be bent."""

    origin: str
    flags: int = PRESENT | VERIFIED
    rp_id: str = ""
    count: int = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any], **bent: str) -> str:
        """The answer to options for a new passkey, as a browser sends it."""
        self.handle = unb64(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        data = self._data(options["rp"]["id"], ATTESTED)
        data += (
            b"\0" * 16 + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        )
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], bent)
        return self._answer(clientDataJSON=b64(client), attestationObject=b64(attestation))

    def show(self, options: dict[str, Any], **bent: str) -> str:
        """The answer to options for a known passkey."""
        self.count += 1
        data = self._data(options["rpId"], 0)
        client = self._client("webauthn.get", options["challenge"], bent)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=b64(client),
            authenticatorData=b64(data),
            signature=b64(signature),
            userHandle=b64(self.handle),
        )

    def _data(self, rp_id: str, more: int) -> bytes:
        rp = sha256((self.rp_id or rp_id).encode()).digest()
        return rp + bytes([self.flags | more]) + struct.pack(">I", self.count)

    def _client(self, kind: str, challenge: str, bent: dict[str, str]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin} | bent
        return json.dumps(said).encode()

    def _answer(self, **response: str) -> str:
        name = b64(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
