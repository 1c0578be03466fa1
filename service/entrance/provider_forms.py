"""The two forms of the providers' pages: what was typed, what it means, what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from service.web.language import _
from tenants.ceilings import Ceiling
from tenants.identity.acceptance import Accepted, Rules, as_lines, from_lines
from tenants.identity.addresses import check_issuer
from tenants.identity.assurance import Levels
from tenants.identity.refusal import LogInRefused
from tenants.organisations import Taking

LONGEST_LABEL = 60
LONGEST_ADDRESS = 500
LONGEST_TABLE = 4000

RULES_FIELDS = frozenset(
    {"_csrf_token", "version", "every", "organisation", "ceiling", "own_levels", "acr", "amr"}
)
PROPOSAL_FIELDS = frozenset({"_csrf_token", "label", "issuer", "client_id", "way", "client_secret"})

Fields = Iterable[tuple[str, object]]


class UnknownField(ValueError):
    """The form holds a field that no page of ours has, or one twice."""


@dataclass
class RulesForm:
    """Whom a provider may speak for, how high, and how its log-ins are read."""

    version: int
    every: bool
    organisations: set[str]
    ceiling: str
    own_levels: bool
    acr: str
    amr: str
    errors: dict[str, str] = field(default_factory=dict)
    rules: Rules | None = None

    @classmethod
    def of(cls, provider: Accepted) -> "RulesForm":
        rules = provider.rules
        return cls(
            version=provider.version,
            every=rules.organisations is None,
            organisations={str(one) for one in rules.organisations or ()},
            ceiling=rules.ceiling,
            own_levels=rules.levels is not None,
            acr=as_lines(provider.levels.acr),
            amr=as_lines(provider.levels.amr),
        )

    @classmethod
    def parse(cls, sent: Fields, taking: list[Taking]) -> "RulesForm":
        single, several = _read(sent, RULES_FIELDS, many="organisation")
        version = single.get("version", "")
        form = cls(
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            every=single.get("every") == "yes",
            organisations=set(several),
            ceiling=single.get("ceiling", ""),
            own_levels=single.get("own_levels") == "yes",
            acr=single.get("acr", "")[:LONGEST_TABLE],
            amr=single.get("amr", "")[:LONGEST_TABLE],
        )
        form._check(taking)
        return form

    def _check(self, taking: list[Taking]) -> None:
        chosen = [one.id for one in taking if str(one.id) in self.organisations]
        if not self.every and len(chosen) < len(self.organisations):
            self.errors["organisations"] = _(
                "En av organisationerna är inte längre med. Ladda om sidan och välj igen."
            )
        if self.ceiling not in set(Ceiling):
            self.errors["ceiling"] = _("Välj hur höga roller inloggningen får ge.")
        levels = None
        if self.own_levels:
            acr, amr = self._levels("acr", self.acr), self._levels("amr", self.amr)
            levels = Levels(acr, amr)
        if not self.errors:
            speaks: tuple[UUID, ...] | None = None if self.every else tuple(chosen)
            self.rules = Rules(speaks, Ceiling(self.ceiling), levels)

    def _levels(self, name: str, text: str) -> dict[str, int]:
        try:
            return from_lines(text.splitlines())
        except ValueError as error:
            self.errors[name] = _(
                "Rad %(number)s: skriv värdet, ett likhetstecken och nivån 1–4. "
                "Varje värde en gång, högst tjugo rader.",
                number=error.args[0],
            )
            return {}


@dataclass
class ProposalForm:
    """A provider that the municipality would like."""

    label: str = ""
    issuer: str = ""
    client_id: str = ""
    way: str = "key"
    client_secret: str = field(default="", repr=False)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, sent: Fields) -> "ProposalForm":
        single, _several = _read(sent, PROPOSAL_FIELDS)
        form = cls(
            label=" ".join(single.get("label", "").split())[: LONGEST_LABEL + 1],
            issuer=single.get("issuer", "").strip()[: LONGEST_ADDRESS + 1],
            client_id=single.get("client_id", "").strip()[: LONGEST_ADDRESS + 1],
            way=single.get("way", "key"),
            client_secret=single.get("client_secret", "").strip()[: LONGEST_ADDRESS + 1],
        )
        form._check()
        return form

    def _check(self) -> None:
        if not 2 <= len(self.label) <= LONGEST_LABEL or not self.label.isprintable():
            self.errors["label"] = _("Skriv ett namn på 2 till 60 tecken.")
        try:
            check_issuer(self.issuer, production=True)
        except LogInRefused:
            self.errors["issuer"] = _(
                "Skriv leverantörens adress (issuer): den börjar med https:// och ligger öppet "
                "på nätet."
            )
        if len(self.issuer) > LONGEST_ADDRESS:
            self.errors["issuer"] = _("Adressen är för lång.")
        if not 1 <= len(self.client_id) <= LONGEST_ADDRESS or not self.client_id.isprintable():
            self.errors["client_id"] = _("Skriv det klient-id som leverantören har gett er.")
        if self.way not in ("key", "secret"):
            self.errors["way"] = _("Välj hur vi ska visa vilka vi är.")
        secret = self.client_secret
        if self.way == "secret" and not (
            1 <= len(secret) <= LONGEST_ADDRESS and secret.isprintable()
        ):
            self.errors["client_secret"] = _("Skriv klienthemligheten, eller välj vår nyckel.")


def _read(sent: Fields, known: frozenset[str], many: str = "") -> tuple[dict[str, str], list[str]]:
    """Each field's one text, and the texts of the one field that may come several times."""
    single: dict[str, str] = {}
    several: list[str] = []
    for name, value in sent:
        text = isinstance(value, str) and "\0" not in value and _is_text(value)
        if name not in known or name in single or not text:
            raise UnknownField(name)
        if name == many:
            several.append(str(value))
        else:
            single[name] = str(value)
    return single, several


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
