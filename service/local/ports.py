"""The three ports of a local installation, side by side so that two fit on one machine."""

import errno
import socket
from dataclasses import dataclass

from service.local.refusal import Refused


@dataclass(frozen=True)
class Ports:
    web: int

    @property
    def provider(self) -> int:
        """The local OpenID provider and, under /brev, the mail box."""
        return self.web + 1

    @property
    def mail(self) -> int:
        """SMTP."""
        return self.web + 2

    def all(self) -> tuple[int, int, int]:
        return self.web, self.provider, self.mail


def require_free(ports: Ports) -> None:
    """Raises Refused with the number and the variable to set when one of the ports is taken."""
    if not 1 <= ports.web <= 65533:
        raise Refused(f"PORT={ports.web} går inte: välj ett tal mellan 1 och 65533.")
    for port in ports.all():
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                # As the servers do: a port that only lingers after a stop is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(_why(error, port, ports.web)) from error


def _why(error: OSError, port: int, first: int) -> str:
    needs = f"Kraftsamling behöver {first}, {first + 1} och {first + 2}"
    if error.errno == errno.EACCES:
        return f"Port {port} kräver root: välj en annan, till exempel `make run PORT=8000`."
    if error.errno == errno.EADDRINUSE:
        other = 8100 if first < 8100 else first + 100
        return f"Port {port} är upptagen ({needs}): kör till exempel `make run PORT={other}`."
    return f"Port {port} går inte att använda ({error.strerror}): välj en annan med PORT."
