"""The ways a log-in is refused."""


class LogInRefused(Exception):
    """The log-in cannot be trusted. The reason is for the log, never for the page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderSilent(LogInRefused):
    """The provider did not answer, or answered with an error of its own."""


class UnknownProvider(LogInRefused):
    """No provider of that name is in use."""
