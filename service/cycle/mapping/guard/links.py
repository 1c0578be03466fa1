"""Links and accounts of social media."""

import re
from collections.abc import Iterator

from service.cycle.mapping.guard.find import Find, Kind
from service.cycle.mapping.guard.plain import plainly_folded

_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)]", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@.\-])(?:[\w\-]+\.)+(?:se|com|nu|net|org|io|me|gg|tv|app|info|eu|no|dk|fi|ly|be|ru)"
    r"(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?(?![\w\-])"
)
_HANDLE = re.compile(r"(?<![\w.@])@[\w][\w.\-]{1,}\w")
_MEDIUM = r"(?:snap(?:chat)?|insta(?:gram)?|ig|tik ?tok|telegram|discord|facebook|fb|kik|twitch)"
_ACCOUNT = re.compile(
    rf"\b{_MEDIUM}(?:konto|namn)?\s?(?:[:=]\s?|\s(?:heter|är|namn)\s)([\w.\-]{{3,}}\w)",
    re.IGNORECASE,
)
# A word with a digit, a dot or a line in it is no ordinary word.
_LIKELY = re.compile(rf"\b{_MEDIUM}\s((?=[\w.]*[\d_.][\w])[\w.]{{4,}})", re.IGNORECASE)
# Addresses of authorities lead to no person.
_PUBLIC = re.compile(r"(?:https?://)?(?:www\.)?(?:polisen|1177|krisinformation|bra)\.se", re.I)
# Without any of these there is nothing to find, and most texts have none.
_SIGNS = ("@", "://", "www.", "snap", "insta", "tik", "telegram", "discord", "facebook", "fb",
          "kik", "twitch")  # fmt: skip
_SIGN = re.compile(r"\.[a-z]|\big\b", re.IGNORECASE)


def find_links(text: str) -> Iterator[Find]:
    folded = plainly_folded(text)
    if not (any(sign in folded for sign in _SIGNS) or _SIGN.search(folded)):
        return
    for pattern, certain in ((_LINK, True), (_DOMAIN, True), (_HANDLE, True)):
        for match in pattern.finditer(text):
            if not _PUBLIC.match(match[0]):
                yield Find(*match.span(), Kind.LINK, certain)
    for match in _ACCOUNT.finditer(text):
        yield Find(*match.span(1), Kind.LINK, True)
    for match in _LIKELY.finditer(text):
        yield Find(*match.span(1), Kind.LINK, False)
