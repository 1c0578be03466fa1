"""The form by which the coordinator publishes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4, uuid5

from service.web.clean import clean
from service.web.language import _

LONGEST_HEADLINE = 120
LONGEST_TEXT = 1500
FIELDS = frozenset(
    {"_csrf_token", "publication_id", "first", "headline", "text", "measures", "together"}
)


@dataclass
class PublicationForm:
    """What was typed, and what is wrong with it by field.

    `first` is the first day of the period whose counts stood beside the form, if it says so;
    `together` the areas and groups that are told only with all others.
    """

    publication_id: UUID = field(default_factory=uuid4)
    first: str = ""
    headline: str = ""
    text: str = ""
    measures: list[str] = field(default_factory=list)
    together: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def row_id(self) -> UUID:
        """The id of the row that this form makes: the same when it is sent again as it was.

        Who goes back and changes a word sends another one, which is published in its own right.
        """
        said = (self.headline, self.text, *sorted(self.measures), *sorted(self.together))
        return uuid5(self.publication_id, "\n".join(said))

    @classmethod
    def parse(cls, items: Iterable[tuple[str, object]]) -> "PublicationForm":
        """Read the posted pairs; never raises."""
        form = cls()
        for name, value in items:
            if name not in FIELDS or not isinstance(value, str):
                form.errors["form"] = _("Formuläret innehöll något som inte hör dit.")
            elif name == "measures":
                form.measures.append(value[:36])
            elif name == "together":
                form.together.append(value[:36])
            elif name in ("headline", "text", "first"):
                setattr(form, name, clean(value))
            elif name == "publication_id":
                form._read_id(value)
        form._check("headline", form.headline, LONGEST_HEADLINE, _("Skriv en mening överst."))
        form._check("text", form.text, LONGEST_TEXT, _("Skriv några meningar om läget."))
        return form

    def _read_id(self, value: str) -> None:
        try:
            self.publication_id = UUID(value)
        except ValueError:
            self.errors["form"] = _("Formuläret gick sönder. Inget är publicerat. Försök igen.")

    def _check(self, name: str, value: str, longest: int, missing: str) -> None:
        if not value:
            self.errors[name] = missing
        elif len(value) > longest:
            self.errors[name] = _(
                "Texten är %(length)s tecken. Den får vara högst %(limit)s.",
                length=len(value),
                limit=longest,
            )
