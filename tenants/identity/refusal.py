"""The ways a log-in is refused."""


class LogInRefused(Exception):
    """The log-in cannot be trusted. The reason is for the log, never for the page."""

    kind = "untrusted"
    """What the audit log calls it, and which words the page chooses."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wanted = "/"
        """The page that was to be reached, once the attempt is known."""
        self.subject: str | None = None
        """Whom the provider named, where that was proved before the log-in was refused."""


class ProviderSilent(LogInRefused):
    """The provider did not answer, or answered with an error of its own."""

    kind = "silent"


class ClockWrong(LogInRefused):
    """The provider's times do not fit ours: one of the two clocks is wrong."""

    kind = "clock"


class NotSureEnough(LogInRefused):
    """The log-in is real, but weaker or older than what was asked for."""

    kind = "too_weak"


class Declined(LogInRefused):
    """The provider came back without a log-in: it was broken off there, or refused."""

    kind = "declined"


class OwnedByAnother(LogInRefused):
    """The identity that was to be linked belongs to another person already."""

    kind = "owned"


class UnknownProvider(LogInRefused):
    """No provider of that name is in use."""

    kind = "unknown"
