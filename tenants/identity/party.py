"""Who we are towards a provider."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RelyingParty:
    """What the log-in must know about the installation it runs in.

    `base_url` is our own address without a final slash. `attempts` is how many log-ins one
    address may start (and, counted apart, finish) at once, `attempts_per_second` how fast new
    ones are earned: a whole town hall may sit behind one address.
    """

    base_url: str
    secret_key: str
    production: bool
    attempts: int = 200
    attempts_per_second: float = 5.0

    def redirect_uri(self, provider_name: str) -> str:
        return f"{self.base_url.rstrip('/')}/auth/callback/{provider_name}"

    @property
    def after_log_out(self) -> str:
        return f"{self.base_url.rstrip('/')}/"
