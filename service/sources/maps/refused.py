"""Why a map is not taken."""


class Refused(ValueError):
    """`reason` is a key that the page has words for, `about` what in the file it is about."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason, about)
        self.reason = reason
        self.about = about[:80]
