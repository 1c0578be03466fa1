"""The word in an invitation's link: made from the invitation and the installation's secret.

It stands nowhere but in the letter. The job that writes the letter makes it anew, and the database
holds its hash alone.
"""

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from tenants.identity.sealing import keys_of


def token_of(what: str, row_id: UUID, secret_key: str) -> str:
    """The word for the row `row_id` of `what`: 43 characters, 256 bits that nobody can guess."""
    key = sha256(b"ks letter link" + keys_of(secret_key)[0].encode()).digest()
    made = hmac.new(key, f"{what}:{row_id}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def hash_of(token: str) -> bytes:
    """What the database knows a token by; any text has one."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
