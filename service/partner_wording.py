"""What is said of partners: the role a body would fill, how sure it is what it is, and what a rule still lacks.

Italian first, English second, as in ``service.wording``.
"""

from collections.abc import Iterable

from matcher.consortium import ConsortiumRule, RuleResult, RuleSort
from matcher.explanation import Contribution
from matcher.partners import Basis, Identity, PartnerRecommendation
from matcher.records import ApplicantKind as Kind
from matcher.verdicts import Verdict
from service.wording import Language

_ROLES: dict[str, tuple[str, str]] = {
    "commune": ("comuni vicini", "neighbouring communes"),
    "union": ("unione di comuni o comunità montana", "union of communes"),
    "province": ("Città metropolitana o provincia", "metropolitan city or province"),
    "health_authority": ("azienda socio-sanitaria del territorio", "local health authority"),
    "health_agency": ("agenzia di tutela della salute", "health protection agency"),
    "hospital": ("ospedale", "hospital"),
    "first_school": ("scuola del primo ciclo", "primary or middle school"),
    "upper_school": ("scuola superiore", "upper secondary school"),
    "adult_school": ("istruzione degli adulti", "adult education"),
    "university": ("università o ricerca", "university or research"),
    "polytechnic": ("politecnico", "technical university"),
    "arts_school": ("conservatorio o accademia", "conservatoire or academy"),
    "park": ("ente parco", "park authority"),
    "water_consortium": ("consorzio di bonifica", "land reclamation consortium"),
    "chamber": ("camera di commercio", "chamber of commerce"),
    "transport_agency": ("trasporto pubblico", "public transport"),
    "farm_body": ("ente agricolo o forestale", "farming or forestry body"),
    "housing_company": ("casa pubblica", "public housing company"),
    "social_company": ("servizi sociali d’ambito", "social services of the district"),
    "waste_company": ("raccolta e riciclo dei rifiuti", "waste company"),
    "culture_body": ("ente culturale", "cultural body"),
    "disability": ("persone con disabilità", "people with disabilities"),
    "homeless": ("accoglienza e senza dimora", "shelter and homelessness"),
    "elderly": ("anziani", "older people"),
    "families": ("famiglie e minori", "families and children"),
    "youth": ("giovani ed educazione", "youth and education"),
    "migrants": ("intercultura", "intercultural work"),
    "poverty": ("aiuto a chi è in difficoltà", "help for people in need"),
    "work_inclusion": ("inserimento lavorativo", "work inclusion"),
    "reuse": ("riuso", "reuse"),
    "green_care": ("cura del verde", "care of green areas"),
    "environment": ("ambiente e natura", "environment and nature"),
    "cycling": ("bicicletta", "cycling"),
    "sport": ("sport", "sport"),
    "para_sport": ("sport per persone con disabilità", "sport for people with disabilities"),
    "music": ("musica", "music"),
    "arts": ("teatro e arti", "theatre and arts"),
    "culture": ("cultura e storia locale", "culture and local history"),
    "local_promotion": ("promozione del territorio", "local promotion"),
    "farming": ("agricoltura", "farming"),
    "housing": ("casa e abitare", "housing"),
    "traders": ("commercio e artigianato", "trade and crafts"),
    "health_volunteers": ("volontariato per i malati", "volunteers for the sick"),
    "social_transport": ("trasporto sociale", "social transport"),
    "volunteers": ("volontariato", "volunteering"),
    "mountain": ("montagna", "mountain"),
    "parish": ("parrocchie e oratori", "parishes and youth clubs"),
    "parents": ("genitori", "parents"),
    "social_cooperative": ("cooperativa sociale", "social cooperative"),
    "foundation": ("fondazione", "foundation"),
    "association": ("associazione", "association"),
    "sports_club": ("società sportiva", "sports club"),
}
_KINDS: dict[Kind, tuple[str, str]] = {
    Kind.COMMUNE: ("comuni", "communes"),
    Kind.UNION: ("unioni di comuni", "unions of communes"),
    Kind.PROVINCE: ("province e città metropolitane", "provinces and metropolitan cities"),
    Kind.REGION: ("regioni", "regions"),
    Kind.CENTRAL: ("amministrazioni centrali", "central administrations"),
    Kind.SCHOOL: ("scuole", "schools"),
    Kind.HEALTH: ("enti sanitari", "health bodies"),
    Kind.UNIVERSITY: ("università ed enti di ricerca", "universities and research bodies"),
    Kind.PUBLIC_BODY: ("altri enti pubblici", "other public bodies"),
    Kind.THIRD_SECTOR: ("enti del terzo settore", "third-sector bodies"),
    Kind.FIRM: ("imprese", "firms"),
    Kind.PERSON: ("persone", "persons"),
}
_IDENTITY: dict[tuple[str, Basis], tuple[str, str]] = {
    ("sure", Basis.REGISTER): (
        "Chi è è certo: è nel registro degli enti pubblici.",
        "What it is is certain: it is in the register of public bodies.",
    ),
    ("sure", Basis.FUNDED): (
        "Che cosa fa lo dicono i progetti per cui è stato finanziato.",
        "What it does is told by the projects it was funded for.",
    ),
    ("likely", Basis.NAME): (
        "Che cosa fa lo dice solo il nome: probabile, da confermare.",
        "What it does is told by its name alone: likely, to be confirmed.",
    ),
    ("unsure", Basis.NOTHING): (
        "Il nome non dice che cosa fa: una telefonata può cambiare tutto.",
        "The name does not say what it does: one telephone call may change everything.",
    ),
}
_REASONS: dict[str, tuple[str, str]] = {
    "kind_of_body": ("tipo di ente", "kind of body"),
    "wanted": ("fa quello che cercate", "does what you look for"),
    "spoken_of": ("fa ciò di cui parla il progetto", "does what the project speaks of"),
    "unasked": ("non è tra chi avete chiesto", "is none of those you asked for"),
    "nearer": ("tra i più vicini a poterlo fare", "among the nearest that can do it"),
    "alone": ("pochi altri possono farlo", "few others can do it"),
    "distance": ("è vicino", "is near"),
    "adjacency": ("confina o quasi", "borders, or nearly so"),
    "same_zone": ("stessa zona omogenea", "same homogeneous zone"),
    "same_province": ("stessa provincia", "same province"),
    "words": ("le parole del nome", "the words of its name"),
    "local_name": ("porta il nome del territorio", "bears the name of the area"),
    "alike_funded": ("ha già fatto progetti simili", "has done similar projects"),
    "times_funded": ("quante volte è stato finanziato", "how often it was funded"),
    "same_programme": ("già finanziato dallo stesso programma", "funded by the same programme before"),
    "size": ("dimensione del comune", "size of the commune"),
    "admitted": ("il bando lo ammette", "the call admits it"),
    "interested": ("ha fatto sapere che il bando gli interessa", "let others know that the call interests it"),
    "role_taken": ("altri sopra fanno lo stesso", "others above do the same"),
}
_RULES: dict[RuleSort, tuple[str, str]] = {
    RuleSort.MEMBERS: ("Quanti partner", "How many partners"),
    RuleSort.LEAD: ("Chi è capofila", "Who leads"),
    RuleSort.POPULATION: ("Abitanti in tutto", "Inhabitants in all"),
    RuleSort.SIZE: ("Abitanti di ciascun comune", "Inhabitants of each commune"),
    RuleSort.TERRITORY: ("Territorio", "Territory"),
    RuleSort.ADMITTED: ("Chi è ammesso", "Who is admitted"),
    RuleSort.ADJOINING: ("Comuni confinanti", "Communes that adjoin"),
    RuleSort.ONE_ZONE: ("Una sola zona omogenea", "One homogeneous zone"),
    RuleSort.ONLY_ONCE: ("Ciascuno in una sola proposta", "Each in one proposal only"),
}
_OPEN: dict[RuleSort, tuple[str, str]] = {
    RuleSort.POPULATION: (
        "troppo vicino alla soglia, o manca la popolazione di qualcuno",
        "too near the threshold, or somebody’s population is missing",
    ),
    RuleSort.ADJOINING: ("da vedere sulla carta", "to be seen on a map"),
    RuleSort.ONLY_ONCE: ("ciascuno deve dirlo", "each has to say so"),
}
_ANY = float("inf")
_TRUE_OF: dict[str, tuple[float, float]] = {
    **dict.fromkeys(
        (
            *("wanted", "spoken_of", "same_zone", "words", "local_name", "alike_funded", "times_funded"),
            *("same_programme", "interested"),
        ),
        (0.0, _ANY),
    ),
    "nearer": (-1.0, 2.0),
    "alone": (-1.0, 3.0),
    "distance": (-1.0, 2.4),
    "adjacency": (-1.0, 2.0),
}
"""Feature → the values (above the first, up to the second) at which its words are true: 2.4 is log of 1 + 10 km."""
TELLING = 0.15
"""Contributions smaller than this say nothing to a reader."""
MOST_REASONS = 4


def role(code: str, language: Language = "it") -> str:
    """Return the name of a role."""
    return _ROLES[code][language != "it"]


def kinds(found: Iterable[Kind], language: Language = "it") -> str:
    """Return kinds of bodies in words; all public ones by one word."""
    wanted = frozenset(found)
    public = frozenset(Kind) - {Kind.THIRD_SECTOR, Kind.FIRM, Kind.PERSON}
    if wanted >= public:
        wanted = wanted - public
        words = ["enti pubblici" if language == "it" else "public bodies"]
    else:
        words = []
    return ", ".join([*words, *(_KINDS[kind][language != "it"] for kind in Kind if kind in wanted)])


def identity(found: Identity, language: Language = "it") -> str:
    """Return how sure it is what a body is and does, and by what."""
    basis = Basis.REGISTER if found.kind_basis is Basis.REGISTER else found.work_basis
    return _IDENTITY[found.confidence.value, basis][language != "it"]


def reasons(found: PartnerRecommendation, language: Language = "it") -> list[str]:
    """Return what speaks for a body, strongest first."""
    telling = [one for one in found.contributions if one.contribution >= TELLING and _speaks(one)]
    strongest = sorted(telling, key=lambda one: -one.contribution)[:MOST_REASONS]
    return [_REASONS[one.feature][language != "it"] for one in strongest]


def reason(feature: str, language: Language = "it") -> str:
    """Return the name of one part of the score."""
    return _REASONS[feature][language != "it"]


def _speaks(one: Contribution) -> bool:
    """What is true of a body and not only better than usual: to fail to be far is no reason."""
    least, most = _TRUE_OF.get(one.feature, (0.0, 0.0))
    return least < one.value <= most


def rule(found: ConsortiumRule, language: Language = "it") -> str:
    """Return what a rule asks, in a few words: ``Quanti partner: almeno 5, comuni``."""
    return f"{_RULES[found.sort][language != 'it']}{_bounds(found, language)}{_of(found, language)}"


def result(found: RuleResult, language: Language = "it") -> str:
    """Return what a partnership has of what a rule asks, and what is still missing."""
    english = language != "it"
    if found.rule.sort is RuleSort.MEMBERS:
        has = _range(found.low, found.high, language)
        lacks = f"; {'still' if english else 'ne mancano'} {found.missing:.0f}{' to find' if english else ''}"
        return f"{'there are' if english else 'ce ne sono'} {has}{lacks if found.missing else ''}"
    if found.rule.sort is RuleSort.POPULATION:
        has = _range(found.low, found.high, language)
        lacks = f"; {'missing' if english else 'mancano'} {_number(found.missing, language)}"
        words = f"{has} {'inhabitants' if english else 'abitanti'}"
        if found.verdict is Verdict.UNKNOWN:
            return f"{words} ({_OPEN[RuleSort.POPULATION][english]})"
        return f"{words}{lacks if found.verdict is Verdict.NOT_MET and found.missing else ''}"
    return _OPEN[found.rule.sort][english] if found.verdict is Verdict.UNKNOWN and found.rule.sort in _OPEN else ""


def _bounds(found: ConsortiumRule, language: Language) -> str:
    english = language != "it"
    parts = []
    if found.minimum is not None:
        parts.append(f"{'at least' if english else 'almeno'} {_number(found.minimum, language)}")
    if found.maximum is not None:
        parts.append(f"{'at most' if english else 'al massimo'} {_number(found.maximum, language)}")
    return f": {', '.join(parts)}" if parts else ""


def _of(found: ConsortiumRule, language: Language) -> str:
    if not found.kinds:
        return ""
    return f"{', ' if found.minimum or found.maximum else ': '}{kinds(found.kinds, language)}"


def _range(low: float, high: float, language: Language) -> str:
    if high == float("inf"):
        return f"{_number(low, language)} {'or more' if language != 'it' else 'o più'}"
    if round(low) == round(high):
        return _number(low, language)
    between = "from {} to {}" if language != "it" else "da {} a {}"
    return between.format(_number(low, language), _number(high, language))


def _number(value: float, language: Language) -> str:
    return f"{value:,.0f}".replace(",", "." if language == "it" else ",")
