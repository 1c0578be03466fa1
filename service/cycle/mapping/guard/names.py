"""Names of people: the most common ones of Sweden, as the package Faker lists them, and what
follows "heter" or "kallas".

A name is seldom certain: parks and schools bear names too. Certain is a given name with a surname,
and a known name after "heter".
"""

import re
from collections.abc import Iterator
from functools import cache

from faker.providers.person.sv_SE import Provider

from service.cycle.mapping.guard.find import Find, Kind

# Names that are ordinary words, months, animals or often parts of places.
_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    ali alm april ask berg björn blom bo borg bäck christian dahl ek elin eng falk fors frank
    frid frisk gerd grahn gran gun hans hedvig hill holm inga jan juli juni klara kvist lilja
    lind linn liv ljung love lund lång maj maria min my nora nord norén nova nyström per ros
    rosa rut saga sand sara skog sofia sol stark sten stig storm ström svan tor tora tyra uno
    urban vera vide viggo viking vilhelmina ville wall åberg åsa öberg öst
    """,
    )
)
_PLACE_AFTER = re.compile(
    r"^(?:\s[A-ZÅÄÖ][\w\-]*)?s?(?:[ \-]|(?<=s))(?:kyrka|kyrko|skol|torg|park|gat|väg|plats|plan|"
    r"gränd|gård|"
    r"backe|bro|kvarn|"
    r"kulle|sjukhus|församling|gymnasi|förskol|stig|allé|hamn|strand|bad|minne|krog|"
    r"café|restaurang|"
    r"livs|pizzeria|bageri|IP\b|arena)",
    re.IGNORECASE,
)
_PLACE_END = re.compile(
    r"(?:gatan|vägen|torget|parken|skolan|gården|platsen|backen|bron|kullen|hamnen|stranden|"
    r"planen|badet|hallen|huset|kyrkan|berget|ängen|tunneln|området|centrum|viken|sjön|ån|"
    r"dalen|lunda|stad|by|ås|köping|holm|sund|näs|ö)s?$"
)
_SURNAME_END = re.compile(r"(?:sson|ström|qvist|kvist)s?$")
_WORD = r"[^\W\d_]+(?:['\-][^\W\d_]+)*"
_CAPITAL = r"[A-ZÅÄÖÉÜ][^\W\d_]+(?:['\-][^\W\d_]+)*"
_CALLED = re.compile(
    r"\b(?:heter|hette|kallas|kallad|kallade|kallar sig|kallar (?:honom|henne|hen)|vid namn(?:et)?|"
    r"smeknamn(?:et)?|alias|namnet är)\s(?:för\s|är\s)?(?:[\"']\s?)?"
    rf"({_WORD}(?:\s{_CAPITAL})?)"
)
_TITLE = re.compile(
    rf"\b(?:herr|fru|familjen|grabben|bröderna|systrarna|gubben|kompisen)\s({_CAPITAL})"
)
_ANY_WORD = re.compile(_WORD)
_PAIR = re.compile(rf"(?<![\w\-])({_WORD})\s({_WORD}|[A-ZÅÄÖ]\b\.?)")
_SINGLE = re.compile(rf"(?<![\w\-])({_CAPITAL})(?![\w\-])")


@cache
def given_names() -> frozenset[str]:
    return frozenset(
        name.lower() for name in (*Provider.first_names_female, *Provider.first_names_male)
    ) | {"kim", "charlie", "sasha", "sascha", "alex", "robin", "kalle", "lasse", "pelle", "micke",
         "nisse", "olle", "bosse", "danne", "jocke", "frippe", "totte", "hasse"}  # fmt: skip


@cache
def surnames() -> frozenset[str]:
    return frozenset(name.lower() for name in Provider.last_names)


def find_names(text: str) -> Iterator[Find]:
    yield from _called(text)
    # Most texts hold no name at all, and are not looked at word by word.
    if _holds_a_name(text):
        yield from _pairs(text)
        yield from _singles(text)
    for match in _TITLE.finditer(text):
        yield Find(*match.span(1), Kind.NAME, False)


def _holds_a_name(text: str) -> bool:
    words = {word.lower() for word in _ANY_WORD.findall(text)}
    words |= {word[:-1] for word in words if word.endswith("s")}
    return not (given_names().isdisjoint(words) and surnames().isdisjoint(words))


def _called(text: str) -> Iterator[Find]:
    for match in _CALLED.finditer(text):
        first = match[1].split()[0]
        known = _in(first, given_names()) or _in(first, surnames())
        if not (known or _looks_like_a_name(first)) or _is_place(text, match.end(1), match[1]):
            continue
        yield Find(*match.span(1), Kind.NAME, bool(known and first.lower() not in _WORDS))


def _pairs(text: str) -> Iterator[Find]:
    start = 0
    while match := _PAIR.search(text, start):
        # The second word may be the first of the next pair.
        start = match.start(2)
        first, second = match.groups()
        if not _in(first, given_names()) or _is_place(text, match.end(), second):
            continue
        capital = first[0].isupper() and second[0].isupper()
        if len(second.rstrip(".")) == 1:
            if first[0].isupper() and first.lower() not in _WORDS:
                yield Find(*match.span(), Kind.NAME, False)
        elif _in(second, surnames()):
            plain = {first.lower(), second.lower()} & _WORDS
            if capital or not plain:
                yield Find(*match.span(), Kind.NAME, capital and first.lower() not in _WORDS)
        elif (
            capital
            and first.lower() not in _WORDS
            and re.search(r"(?:sson|ström|qvist)s?$", second)
        ):
            yield Find(*match.span(), Kind.NAME, True)


def _singles(text: str) -> Iterator[Find]:
    for match in _SINGLE.finditer(text):
        word = match[1]
        if word.lower() in _WORDS or word.lower().rstrip("s") in _WORDS:
            continue
        known = _in(word, given_names()) or (_in(word, surnames()) and _SURNAME_END.search(word))
        if known and not _is_place(text, match.end(), word):
            yield Find(*match.span(), Kind.NAME, False)


def _looks_like_a_name(word: str) -> bool:
    """Whether an unknown word may be one: "kallas Berget" names a place by its ending."""
    return word[0].isupper() and not re.search(r"[^\W\d_](?:et|en)$", word)


def _in(word: str, names: frozenset[str]) -> bool:
    """Whether the word is one of the names, perhaps in the genitive."""
    small = word.lower()
    return small in names or (small.endswith("s") and small[:-1] in names)


def _is_place(text: str, end: int, word: str) -> bool:
    """Whether the name is a part of a place's: "Sofia kyrka", "kallas Berget"."""
    if _in(word, given_names()) or _in(word, surnames()):
        return bool(_PLACE_AFTER.match(text[end : end + 20]))
    return bool(_PLACE_AFTER.match(text[end : end + 20]) or _PLACE_END.search(word))
