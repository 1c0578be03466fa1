"""Text without the signs that nobody means."""

from unicodedata import category, normalize


def clean(value: str) -> str:
    """Without what no keyboard types: a database refuses NUL and half a character, and signs that
    turn the direction of writing would make a text look like another one. A letter and its accent
    are one sign: the same word is then the same text, wherever it was copied from."""
    value = normalize("NFC", value)
    if value.isprintable():
        return value.strip()
    kept = (_kept(one) for one in value.replace("\r\n", "\n"))
    return "".join(kept).strip()


def _kept(sign: str) -> str:
    # Joined emoji are one sign: without the joiner a family falls into its members.
    if sign in ("\n", "\u200d") or sign.isprintable():
        return sign
    return "" if category(sign) == "Cf" else " "
