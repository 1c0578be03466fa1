"""What the log's words are called on a page. A word that is not named here is shown as it is."""

from service.web.language import _, later

VERBS = {
    "agreement.accept": later("godkände biträdesavtalet"),
    "area.lay_out": later("lade in områden"),
    "audit.export": later("hämtade loggen som fil"),
    "audit.read": later("läste loggen"),
    "category.change": later("ändrade kategorierna"),
    "cycle.set": later("bestämde rapporteringsperiod"),
    "glass.break": later("öppnade insyn för driften"),
    "glass.close": later("stängde insynen"),
    "glass.look": later("läste genom insyn"),
    "import": later("läste in poster"),
    "invitation.accept": later("tackade ja till en inbjudan"),
    "invitation.revoke": later("drog tillbaka en inbjudan"),
    "invitation.send": later("bjöd in"),
    "membership.end": later("avslutade ett medlemskap"),
    "municipality.approve": later("släppte in kommunen"),
    "municipality.resume": later("öppnade kommunen igen"),
    "municipality.suspend": later("stängde av kommunen"),
    "organisation.add": later("lade till en organisation"),
    "organisation.leave": later("lät en organisation lämna"),
    "organisation.rename": later("bytte namn på en organisation"),
    "passkey.add": later("lade till en passernyckel"),
    "passkey.remove": later("tog bort en passernyckel"),
    "refused": later("nekades"),
    "records.dispose": later("gallrade"),
    "report.hand_in": later("lämnade en rapport"),
    "report.read": later("läste rapporter"),
    "report.nothing": later("hade inget att rapportera"),
    "report.nothing_back": later("tog tillbaka inget att rapportera"),
    "retention.set": later("bestämde gallringstid"),
}

KINDS = {
    "agreement": later("avtal"),
    "area": later("område"),
    "category": later("kategori"),
    "audit_event": later("logg"),
    "glass": later("insyn"),
    "import": later("inläsning"),
    "invitation": later("inbjudan"),
    "membership": later("medlemskap"),
    "municipality": later("kommun"),
    "organisation": later("organisation"),
    "page": later("sida"),
    "passkey": later("passernyckel"),
    "permission": later("behörighet"),
    "person": later("person"),
    "police_event": later("polishändelse"),
    "report": later("rapport"),
    "reporting_cycle": later("rapporteringsperiod"),
    "zero_report": later("inget att rapportera"),
}


def said(words: dict[str, str], word: str) -> str:
    """`word` as people say it."""
    return _(words[word]) if word in words else word
