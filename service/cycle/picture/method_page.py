"""What the methods page says: each method in plain Swedish, in plain English, and as a formula."""

from dataclasses import dataclass

from service.web.language import _, later


@dataclass(frozen=True)
class Method:
    """`swedish` and `swedish_title` go through gettext; the English is for readers from abroad."""

    key: str
    swedish_title: str
    swedish: str
    english_title: str
    english: str
    formula: str
    references: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return _(self.swedish_title)

    @property
    def text(self) -> str:
        return _(self.swedish)


METHODS = (
    Method(
        "tackning",
        later("Vilka som har hörts"),
        later(
            "Tystnad är inte lugn. För varje aktör och vecka vet vi om den rapporterade, sa att "
            "det inte fanns något att rapportera, eller inte hördes av. Varje antal jämförs med "
            "hur stor del av ett områdes vanliga rapportörer som hördes. Under 30 % säger vi "
            "inget om området, under 70 % att underlaget är osäkert."
        ),
        "Who was heard",
        "Silence is not calm. For each actor and week we know whether it reported, said that there "
        "was nothing to report, or was not heard from. Every count is set against the share of an "
        "area's usual reporters that was heard. Below 30 % we say nothing, below 70 % that the "
        "basis is uncertain.",
        "Cₐₜ = Σₖ sₖₐ · hₖₜ ,  sₖₐ = (nₖₐ + ½) / Σₖ (nₖₐ + ½)",
    ),
    Method(
        "vantat",
        later("Vad som är väntat"),
        later(
            "En enskild kategori i ett enskilt område har ofta färre än en rapport i månaden. "
            "Därför lånar varje ruta styrka av sitt område och sin kategori: den egna historiken "
            "väger tyngre ju mer det finns av den. Årstiden är en våg per kategori. Rapporter som "
            "brukar komma sent räknas med i vad som kan ha hunnit komma in."
        ),
        "What is expected",
        "A single category in a single area often has less than one report a month. So each cell "
        "borrows strength from its area and its category: its own history counts for more, the "
        "more there is of it. The season is one wave per category. Late reports are allowed for in "
        "what can have come in so far.",
        "λ | data ~ Γ(k + Y, k/m + E) ,  m = area rate × category share ,  "
        "E = Σ coverage × season × completeness",
        ("Clayton & Kaldor 1987, Biometrics 43", "Marshall 1991, Applied Statistics 40"),
    ),
    Method(
        "signal",
        later("När något är ovanligt"),
        later(
            "Fönster på en, två, fyra och åtta veckor jämförs med det väntade. Sannolikheten att "
            "slumpen ensam ger så många rapporter räknas med en fördelning som är bredare än "
            "Poissons, eftersom veckor skiljer sig mer än så och eftersom nivån själv är osäker. "
            "Minst två rapporter på fyra veckor krävs. En vecka som nyss har börjat, och en "
            "helgvecka, bedöms aldrig ensam."
        ),
        "When something is unusual",
        "Windows of one, two, four and eight weeks are set against what was expected. The "
        "probability that chance alone gives so many reports is taken from a distribution wider "
        "than Poisson's, since weeks differ by more than that and the level itself is uncertain. "
        "At least two reports in four weeks are needed. A week that has just begun, or one with a "
        "public holiday, is never judged alone.",
        "μ = (A/B)·E ,  var = φ·μ + μ²/A ,  p = P(Y > y) + ½·P(Y = y) ,  p_cell = min(1, 3·min p)",
        ("Noufaily et al. 2013, Statistics in Medicine 32",),
    ),
    Method(
        "budget",
        later("Larmbudgeten"),
        later(
            "Tusen rutor prövas varje vecka, så några sticker alltid ut av en slump. Vi spelar "
            "därför upp elva av kommunens egna tidigare veckor, som om vi stod i dem, och sätter "
            "gränsen så att de i genomsnitt hade gett en signal i veckan. Verkliga händelser "
            "finns med i de veckorna, så de falska är färre. Det som sägs i bildens första mening "
            "måste dessutom hålla när man räknar med hur många rutor som prövas."
        ),
        "The alarm budget",
        "A thousand cells are tried every week, so some always stand out by chance. We therefore "
        "replay eleven of the municipality's own earlier weeks, as if we stood in them, and set "
        "the limit so that they would have given one signal a week on average. True events are "
        "among those weeks, so the false ones are fewer. What the picture's first sentence says "
        "must also hold with regard to how many cells are tried.",
        "limit = the p-value that 11 replayed weeks fell below 11 × budget times ;  "
        "first sentence: Benjamini–Hochberg, q = 0.10",
        ("Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57",),
    ),
    Method(
        "kort-historik",
        later("När historiken är kort"),
        later(
            "Under tre veckor säger vi inget. Från tre veckor jämförs kategorierna i hela "
            "kommunen. Från ungefär tre månader jämförs varje ruta, men utan att tidigare veckor "
            "kan spelas upp, och från ungefär fem månader med larmbudgeten. Bilden säger vilket."
        ),
        "When the history is short",
        "Under three weeks we say nothing. From three weeks on, categories of the whole "
        "municipality are compared. From about three months each cell is, without enough earlier "
        "weeks to replay, and from about five months with the alarm budget. The picture says "
        "which.",
        "limit = NB quantile (size Σy + ½, probability ΣE/(ΣE + e))",
        ("Riebler 2004; R package surveillance, algo.bayes",),
    ),
    Method(
        "anhopning",
        later("Områden som ökar tillsammans"),
        later(
            "För varje kategori med minst tio rapporter på åtta veckor prövas varje område "
            "tillsammans med upp till nio grannar. Anhopningen jämförs med 999 slumpade lägen "
            "där inget händer. Bara en ökning mot det väntade räknas, aldrig att en plats alltid "
            "har mycket."
        ),
        "Areas that rise together",
        "For each category with ten reports or more in eight weeks, every area is tried together "
        "with up to nine neighbours. The cluster is compared with 999 simulated situations in "
        "which nothing happens. Only a rise against what was expected counts, never that a place "
        "is always busy.",
        "score = C·ln(C/B) + B − C",
        ("Neill et al. 2005, KDD", "Besag & Clifford 1991, Biometrika 78"),
    ),
    Method(
        "karta",
        later("Kartans höga områden"),
        later(
            "Visar vilka områden som tillsammans med sina grannar ligger högt just nu. Det är ett "
            "skikt på kartan och aldrig en signal, eftersom det inte frågar vad som är vanligt. "
            "Kräver minst 30 områden."
        ),
        "High areas on the map",
        "Shows which areas lie high together with their neighbours at present. It is a layer of "
        "the map and never a signal, since it does not ask what is usual. Needs 30 areas.",
        "Gᵢ* = (Σⱼ wᵢⱼ xⱼ − x̄ Σⱼ wᵢⱼ) / (s·√((n·Σⱼ wᵢⱼ² − (Σⱼ wᵢⱼ)²)/(n − 1)))",
        ("Getis & Ord 1992; Ord & Getis 1995, Geographical Analysis",),
    ),
    Method(
        "forandring",
        later("Bättre eller sämre"),
        later(
            "De senaste åtta veckorna jämförs med året innan, men bara bland dem som rapporterat "
            "i båda perioderna. Att något har blivit bättre sägs bara om skillnaden är större än "
            "slumpen, även med tanke på hur många områden som jämförs, och minst 70 % hördes i "
            "båda perioderna."
        ),
        "Better or worse",
        "The last eight weeks are compared with the year before, among those alone who reported in "
        "both. An improvement is claimed only when the difference is beyond chance, also with "
        "regard to how many areas are compared, and at least 70 % were heard in both periods.",
        "ln R ± 1.96·√(φ·(1/(y₀ + ½) + 1/(y₁ + ½))) ;  areas: Benjamini–Hochberg, q = 0.10",
    ),
    Method(
        "prioritering",
        later("Prioriteringen"),
        later(
            "Poängen är skadepoäng i veckan: nivån och hur mycket den har ökat, gånger allvaret, "
            "gånger säkerheten av att flera oberoende aktörer säger samma sak. Delarna visas "
            "alltid bredvid. Platserna dras tusen gånger ur osäkerheten."
        ),
        "The order of priority",
        "The score is harm points a week: the level and how much it has risen, times the severity, "
        "times the certainty of several independent actors saying the same. The parts are always "
        "shown. Places are drawn a thousand times from the uncertainty.",
        "S = w · (λ_now + max(0, λ_now − λ_usual)) · (1 − ½ⁿ)",
    ),
    Method(
        "prova",
        later("Hur metoden är prövad"),
        later(
            "I påhittade kommuner med tre års historik, årstid och aktörer som är borta sju "
            "procent av veckorna lades två extra rapporter i veckan i en enda ruta. I en kommun "
            "med 100 rapporter i veckan fanns ökningen bland signalerna inom två veckor i 60 % "
            "av fallen och inom fyra i 88 %, med 1,1 falska signaler i veckan. ”+50 % mot förra "
            "veckan” gav 15 falska. En enstaka extra rapport i veckan syns ofta inte alls."
        ),
        "How the method is tested",
        "In invented municipalities with three years of history, season and actors absent in seven "
        "per cent of weeks, two more reports a week were put into one single cell. With 100 "
        "reports a week the rise was among the signals within two weeks in 60 % of cases and "
        "within four in 88 %, at 1.1 false signals a week. “+50 % on last week” gave 15 false "
        "ones. A single extra report a week is often not seen at all.",
        "200 replicates per size; make simulate",
    ),
)
