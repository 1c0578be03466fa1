"""Something on this machine stands in the way of starting."""


class Refused(Exception):
    """Its text is one clear Swedish line that names the thing and the remedy; no traceback."""
