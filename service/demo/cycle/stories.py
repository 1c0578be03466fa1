"""The invented course of a problem, by what kind of problem it is: places and situations only.

A story tells of any area: nothing in it is about a real place, and nothing about anybody.
"""

from typing import NamedTuple

from service.demo.organisations import CULTURE, POLICE, SCHOOL, SOCIAL

TECHNICAL = "Tekniska förvaltningen"
HOUSING = "housing"  # stands for the municipality's own housing company


class Known(NamedTuple):
    """`source` is empty for what is only assumed."""

    text: str
    source: str = ""


class Likely(NamedTuple):
    """A cause: `then` is what it was first held for, `now` and `why` what it was held for later."""

    side: str
    title: str
    description: str
    then: str
    now: str = ""
    why: str = ""


class Asked(NamedTuple):
    organisation: str
    question: str
    answer: str = ""


class Planned(NamedTuple):
    """A measure against the cause of that place in the story; cost in kronor, work in hours."""

    cause: int
    title: str
    kind: str
    description: str
    effect: str
    indicator: str
    organisation: str
    partner: str
    cost_kr: int
    hours: int


class Story(NamedTuple):
    """`groups` are those of the categories; the last story is that of every other category."""

    groups: tuple[str, ...]
    description: str
    known: tuple[Known, ...]
    causes: tuple[Likely, ...]
    answered: Asked
    asked: Asked
    measures: tuple[Planned, Planned, Planned, Planned]
    tasks: tuple[str, ...]
    outcome: str
    closing: str


SEVERAL, WEAK, REJECTED = "several_sources", "weak", "rejected"

STORIES = (
    Story(
        groups=("damage",),
        description="Skador på dörrar, bänkar och cykelrum återkommer på samma sträcka.",
        known=(
            Known("Skadorna anmäls mest måndag morgon och gäller samma tre entréer.",
                  "Bostadsbolagets felanmälan"),
            Known("Två av tre lampor längs gångvägen var släckta vid besöket.",
                  "Trygghetsvandring"),
            Known("Skadorna sker troligen sent på kvällen, när gården är tom."),
        ),
        causes=(
            Likely("place", "Mörkt och skymt vid cykelrummen",
                   "Belysningen är trasig och buskarna skymmer sikten från husen.", WEAK, SEVERAL,
                   "Både felanmälan och vandringen pekar på samma sträcka."),
            Likely("target", "Lås och dörrar som är lätta att bryta upp",
                   "Äldre lås sitter kvar i tre av fem entréer.", SEVERAL),
            Likely("offender", "Ingen är ansvarig för platsen på kvällen",
                   "Ingen verksamhet har öppet i närheten efter klockan 20.", WEAK),
            Likely("offender", "Stängd fritidsgård på lördagar",
                   "Antogs ge fler kvällar utan något att göra.", WEAK, REJECTED,
                   "Skadorna var lika många de lördagar då det var öppet."),
        ),
        answered=Asked(HOUSING, "Vilka entréer har äldre lås, och när kan de bytas?",
                       "Tre entréer har äldre lås. De kan bytas inom fyra veckor efter beslut."),
        asked=Asked(TECHNICAL, "Hur många lampor längs gångvägen är släckta, och sedan när?"),
        measures=(
            Planned(0, "Laga och förstärka belysningen längs gångvägen", "situational",
                    "Trasiga lampor byts och två stolpar sätts upp vid cykelrummen.",
                    "Färre skador på kvällen och fler som går gångvägen.",
                    "Rapporter om skador per fyra veckor, och andel tända lampor",
                    TECHNICAL, HOUSING, 85_000, 40),
            Planned(1, "Byta lås i tre entréer", "situational",
                    "Nya lås och dörrstängare i de entréer som har skadats mest.",
                    "Färre uppbrutna dörrar och cykelrum.",
                    "Anmälda skador på dörrar per månad", HOUSING, POLICE, 64_000, 24),
            Planned(2, "Kvällsrond två gånger i veckan", "social",
                    "Fältgruppen och bovärden går samma sträcka på olika tider.",
                    "Platsen får någon som är där, och skador upptäcks tidigare.",
                    "Genomförda ronder och tid till lagad skada", SOCIAL, HOUSING, 0, 120),
            Planned(0, "Klippa ner buskarna vid cykelrummen", "situational",
                    "Sikten från husen öppnas från marken och två meter upp.",
                    "Platsen syns från fönstren.", "Andel av sträckan med fri sikt",
                    TECHNICAL, HOUSING, 18_000, 30),
        ),
        tasks=("Mäta ljuset längs gångvägen", "Ta in pris på nya lås",
               "Bestämma rondens tider", "Märka ut vilka buskar som ska klippas"),
        outcome="Lamporna är bytta och två stolpar uppsatta. Ett elfel försenade arbetet en vecka.",
        closing="Åtgärderna är genomförda och platsen går tillbaka till vanlig skötsel.",
    ),
    Story(
        groups=("gathering",),
        description="Större samlingar på kvällen gör att andra undviker platsen.",
        known=(
            Known("Samlingarna är störst torsdag till lördag efter klockan 19.",
                  "Rapporter, åtta veckor"),
            Known("Hållplatsen och entrén delar samma yta, så att alla måste passera.",
                  "Trygghetsvandring"),
            Known("Många som samlas bor troligen i andra delar av kommunen."),
        ),
        causes=(
            Likely("place", "Enda platsen under tak som är öppen på kvällen",
                   "Det finns ingen annan plats att vara på utan att betala.", SEVERAL),
            Likely("offender", "Glapp mellan skolans slut och fritidsgårdens öppning",
                   "Gården öppnar två timmar efter att skolan har slutat.", WEAK, SEVERAL,
                   "Skolans och fritidsgårdens tider bekräftar glappet."),
            Likely("target", "Alla måste passera samma smala entré",
                   "Den som vill undvika samlingen har ingen annan väg.", WEAK),
        ),
        answered=Asked(CULTURE, "Vilka kvällar kan fritidsgården öppna tidigare?",
                       "Torsdag och fredag kan gården öppna klockan 15 med nuvarande bemanning."),
        asked=Asked(SCHOOL, "Vilka dagar slutar skolorna tidigast under terminen?"),
        measures=(
            Planned(1, "Öppna fritidsgården tidigare två dagar", "social",
                    "Torsdag och fredag öppnar gården klockan 15 under en prövotid.",
                    "Mindre samlingar vid entrén före klockan 19.",
                    "Besök på gården och rapporter om samlingar per fyra veckor",
                    CULTURE, SCHOOL, 120_000, 160),
            Planned(0, "Flytta bänkarna från entrén", "situational",
                    "Bänkarna ställs på gräsytan intill, med ny belysning.",
                    "Entrén blir fri att passera.", "Rapporter om hindrad väg per månad",
                    TECHNICAL, HOUSING, 38_000, 32),
            Planned(0, "Vuxna på plats fredagskvällar", "social",
                    "Föreningar och fältgrupp turas om enligt ett schema.",
                    "Någon att prata med, och lugnare på hemvägen.",
                    "Genomförda kvällar av de planerade", SOCIAL, CULTURE, 25_000, 140),
            Planned(2, "Öppna en andra väg förbi entrén", "situational",
                    "Ett hål i häcken blir en belagd gång med lampa.",
                    "Den som vill kan gå runt.", "Antal som väljer den nya vägen vid räkning",
                    TECHNICAL, HOUSING, 95_000, 60),
        ),
        tasks=("Göra schema för fredagskvällarna", "Räkna besök på gården före klockan 17",
               "Välja ny plats för bänkarna", "Mäta upp gången genom häcken"),
        outcome="Gården har haft öppet enligt plan alla veckor utom en, då personal var sjuk.",
        closing="Samlingarna är färre och fritidsgårdens nya tider fortsätter i ordinarie drift.",
    ),
    Story(
        groups=("substances",),
        description="Korta möten och fynd tyder på försäljning på samma plats.",
        known=(
            Known("Mötena sker mest mellan klockan 17 och 22 vid parkeringens bortre del.",
                  "Rapporter, åtta veckor"),
            Known("Små påsar hittas vid samma bänkar varje vecka.", "Parkens driftlogg"),
            Known("Platsen väljs troligen för att den har två utgångar och är skymd."),
        ),
        causes=(
            Likely("place", "Skymd parkering med två utgångar",
                   "Ytan syns varken från vägen eller från husen.", SEVERAL),
            Likely("offender", "Få som stör: ingen rör sig där på kvällen",
                   "Gångstråket går numera en annan väg.", WEAK, SEVERAL,
                   "Räkning visar att nästan ingen passerar efter klockan 18."),
            Likely("target", "Unga passerar på väg till träningen",
                   "Idrottshallens entré ligger på andra sidan parkeringen.", WEAK),
        ),
        answered=Asked(TECHNICAL, "Går det att stänga den bortre utgången för bilar?",
                       "Ja, med bommar. Räddningsvägen kan ledas om utan ombyggnad."),
        asked=Asked(POLICE, "Vilka tider är det möjligt att vara synlig på platsen?"),
        measures=(
            Planned(0, "Stänga parkeringens bortre utgång", "situational",
                    "Bommar sätts upp och räddningsvägen leds om.",
                    "Platsen blir mindre lämpad för korta möten med bil.",
                    "Rapporter om korta möten per fyra veckor", TECHNICAL, POLICE, 72_000, 36),
            Planned(0, "Glesa ut häcken och rikta om belysningen", "situational",
                    "Sikten öppnas från vägen och ljuset riktas mot bänkarna.",
                    "Platsen syns och används av fler.", "Andel av ytan som syns från vägen",
                    TECHNICAL, HOUSING, 44_000, 48),
            Planned(1, "Flytta träningens samling till parkeringen", "social",
                    "Föreningen samlas där två kvällar i veckan, med ledare.",
                    "Fler vuxna på platsen när det annars är tomt.",
                    "Genomförda kvällar av de planerade", CULTURE, SOCIAL, 15_000, 90),
            Planned(2, "Trygg väg till idrottshallen", "situational",
                    "En skyltad och belyst väg leder runt parkeringen.",
                    "Unga behöver inte passera platsen.",
                    "Andel som väljer vägen vid räkning", TECHNICAL, SCHOOL, 110_000, 70),
        ),
        tasks=("Beställa bommarna", "Stämma av räddningsvägen",
               "Komma överens om träningskvällarna", "Räkna passager på kvällen"),
        outcome="Bommarna är uppe sedan starten. Räddningsvägen är provad utan anmärkning.",
        closing="Platsen är ombyggd och rapporterna har varit få under en längre tid.",
    ),
    Story(
        groups=("violence",),
        description="Bråk och hotfulla situationer återkommer på kvällarna.",
        known=(
            Known("Händelserna ligger nära stängning, klockan 21 till 23.",
                  "Rapporter, åtta veckor"),
            Known("Kön till sista bussen står på samma yta som utgången.", "Platsbesök"),
            Known("Trängseln gör troligen att små konflikter växer."),
        ),
        causes=(
            Likely("place", "Trångt mellan utgång och hållplats",
                   "Alla lämnar samtidigt och väntar på samma tre meter.", SEVERAL),
            Likely("target", "Personal ensam vid stängning",
                   "Den som stänger har ingen att kalla på.", WEAK, SEVERAL,
                   "Två arbetsplatser beskriver samma sak."),
            Likely("offender", "Väntan utan något att göra",
                   "Sista bussen går fyrtio minuter efter stängning.", WEAK),
        ),
        answered=Asked(CULTURE, "Kan verksamheterna stänga på olika tider?",
                       "Ja, en halvtimme isär går att ordna från nästa månad."),
        asked=Asked(SOCIAL, "Vilka kvällar kan fältgruppen vara vid hållplatsen?"),
        measures=(
            Planned(0, "Stänga på olika tider", "situational",
                    "Verksamheterna stänger en halvtimme isär.",
                    "Färre väntar samtidigt vid hållplatsen.",
                    "Rapporter om bråk per fyra veckor", CULTURE, SOCIAL, 0, 20),
            Planned(1, "Två i personalen vid stängning", "situational",
                    "Ingen stänger ensam torsdag till lördag.",
                    "Personalen avbryter färre arbetspass.",
                    "Avbrutna arbetspass per månad", CULTURE, HOUSING, 90_000, 180),
            Planned(2, "Fältgruppen vid hållplatsen", "social",
                    "Fältgruppen är på plats vid sista bussen två kvällar i veckan.",
                    "Konflikter fångas upp tidigt.",
                    "Genomförda kvällar av de planerade", SOCIAL, POLICE, 0, 110),
            Planned(0, "Flytta väntytan tjugo meter", "situational",
                    "Ny vindskyddad väntyta skild från utgången.",
                    "Utgången blir fri.", "Rapporter om trängsel per månad",
                    TECHNICAL, CULTURE, 140_000, 50),
        ),
        tasks=("Bestämma de nya stängningstiderna", "Göra schema för stängning",
               "Stämma av kvällar med fältgruppen", "Rita den nya väntytan"),
        outcome="Tiderna gäller sedan starten. Personalen beskriver kvällarna som lugnare.",
        closing="De nya tiderna är vardag och inget nytt har kommit på två månader.",
    ),
    Story(
        groups=("traffic",),
        description="Höga farter och mopeder på gångvägar där många går.",
        known=(
            Known("Händelserna är flest vardagar efter klockan 15 och fredagskvällar.",
                  "Rapporter, åtta veckor"),
            Known("Gångvägen saknar hinder i båda ändar.", "Platsbesök"),
            Known("Gångvägen är troligen en genväg till centrum."),
        ),
        causes=(
            Likely("place", "Rak gångväg utan hinder",
                   "Inget hindrar mopeder från att köra in.", SEVERAL),
            Likely("offender", "Genvägen sparar fem minuter",
                   "Den tillåtna vägen är längre och har två korsningar.", WEAK, SEVERAL,
                   "Körning på båda vägarna bekräftar skillnaden."),
            Likely("target", "Skolvägen delar samma stråk",
                   "Elever och mopeder möts på samma bredd.", SEVERAL),
        ),
        answered=Asked(SCHOOL, "Hur många elever använder stråket till och från skolan?",
                       "Ungefär 140 elever, de flesta mellan klockan 14 och 16."),
        asked=Asked(TECHNICAL, "Vilka hinder fungerar med snöröjning och barnvagn?"),
        measures=(
            Planned(0, "Hinder i gångvägens båda ändar", "situational",
                    "Förskjutna grindar som släpper fram barnvagn och snöröjning.",
                    "Färre motorfordon på gångvägen.",
                    "Rapporter om körning per fyra veckor", TECHNICAL, POLICE, 58_000, 30),
            Planned(2, "Vuxna vid stråket efter skolan", "social",
                    "Skolan och föräldraföreningen turas om under hösten.",
                    "Lugnare när flest går hem.", "Genomförda eftermiddagar av de planerade",
                    SCHOOL, SOCIAL, 0, 80),
            Planned(0, "Farthinder på tillfarten", "situational",
                    "Två gupp före övergångsstället.", "Lägre fart vid skolan.",
                    "Uppmätt fart under en vecka", TECHNICAL, POLICE, 76_000, 24),
            Planned(1, "Skylta den tillåtna vägen", "situational",
                    "Tydligare skyltar och ett samtal i skolan om vägvalet.",
                    "Fler väljer den tillåtna vägen.", "Räknade passager under en vecka",
                    TECHNICAL, SCHOOL, 12_000, 18),
        ),
        tasks=("Välja modell av grind", "Göra schema för eftermiddagarna",
               "Mäta farten en vecka före", "Ta fram förslag till skyltar"),
        outcome="Grindarna är på plats. Snöröjningen har provats utan anmärkning.",
        closing="Hindren står kvar och stråket följs i ordinarie trafikarbete.",
    ),
    Story(
        groups=(),
        description="Platsen beskrivs som skräpig, mörk eller övergiven av flera aktörer.",
        known=(
            Known("Felanmälningarna gäller samma yta och tas om hand olika fort.",
                  "Kommunens felanmälan"),
            Known("Två fastighetsägare och kommunen delar på skötseln.", "Platsbesök"),
            Known("Den otydliga gränsen gör troligen att ingen tar helheten."),
        ),
        causes=(
            Likely("place", "Otydligt vem som sköter ytan",
                   "Gränsen mellan tre ägare går mitt på gångvägen.", SEVERAL),
            Likely("target", "Få som använder platsen på kvällen",
                   "Den som är ensam undviker den.", WEAK, SEVERAL,
                   "Både vandringen och skolan beskriver det."),
            Likely("offender", "Skräp drar till sig mer skräp",
                   "Dumpade saker blir liggande i flera dagar.", WEAK),
        ),
        answered=Asked(HOUSING, "Vem har ansvaret för ytan närmast miljörummet?",
                       "Bolaget äger ytan fram till gångvägen, kommunen därefter."),
        asked=Asked(TECHNICAL, "Hur lång tid tar det från felanmälan till åtgärd här?"),
        measures=(
            Planned(0, "En gemensam skötselplan för ytan", "situational",
                    "Ägarna delar upp ytan och bestämmer hur ofta den städas.",
                    "Fel lagas inom en vecka, vem som än äger marken.",
                    "Tid från felanmälan till åtgärd", TECHNICAL, HOUSING, 20_000, 40),
            Planned(1, "Belysa gångvägen fram till hållplatsen", "situational",
                    "Fyra nya stolpar och ljusare armaturer.", "Fler använder platsen på kvällen.",
                    "Räknade passager på kvällen", TECHNICAL, HOUSING, 130_000, 40),
            Planned(1, "Odling och aktivitet på ytan", "social",
                    "Föreningar får låna ytan april till september.",
                    "Platsen används av fler.", "Antal tillfällen med aktivitet",
                    CULTURE, HOUSING, 30_000, 90),
            Planned(2, "Hämta dumpade saker inom två dagar", "situational",
                    "Bolaget och kommunen har en gemensam lista.",
                    "Mindre skräp ligger kvar.", "Andel som hämtas inom två dagar",
                    HOUSING, TECHNICAL, 24_000, 60),
        ),
        tasks=("Rita karta över vem som äger vad", "Ta in pris på stolpar",
               "Fråga föreningarna om odling", "Göra den gemensamma listan"),
        outcome="Planen används av alla tre ägarna. Städningen följs varje månad.",
        closing="Skötselplanen gäller och felanmälningarna tas om hand i tid.",
    ),
)  # fmt: skip


def story_of(group_key: str) -> Story:
    """The story of a group of categories; the last one where none is its own."""
    return next((one for one in STORIES if group_key in one.groups), STORIES[-1])
