"""A small named world: twelve calls and six communes that mimic real ones, so that anyone can judge an answer.

All text is ours. Today, in this world, is 5 May 2025 at noon.
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from matcher.records import CallStatus, Commune, FundingCall, Level, Moment, Money

ROME = ZoneInfo("Europe/Rome")
TODAY = datetime(2025, 5, 5, 12, 0, tzinfo=ROME)


def _commune(istat: str, name: str, population: int, **fields: object) -> Commune:
    base: dict[str, object] = {
        "province": "Milano", "province_code": "015", "region": "Lombardia", "region_code": "03", "nuts3": "ITC4C",
    }  # fmt: skip
    return Commune(istat=istat, name=name, population=population, population_year=2022, **(base | fields))  # type: ignore[arg-type]


MILANO = _commune("015146", "Milano", 1_354_196)
CINISELLO_BALSAMO = _commune("015077", "Cinisello Balsamo", 74_536, zone="Nord Milano")
RHO = _commune("015182", "Rho", 50_904, zone="Nord Ovest")
GREZZAGO = _commune("015110", "Grezzago", 3_134, zone="Adda Martesana")
NOSATE = _commune("015155", "Nosate", 622, zone="Alto Milanese")
TORINO = Commune(
    istat="001272", name="Torino", province="Torino", province_code="001", region="Piemonte", region_code="01",
    nuts3="ITC11", population=841_600, population_year=2022,
)  # fmt: skip

COMMUNES = (MILANO, CINISELLO_BALSAMO, RHO, GREZZAGO, NOSATE, TORINO)


def _moment(year: int, month: int, day: int, hour: int | None = None) -> Moment:
    at = datetime(year, month, day, hour if hour is not None else 23, 0 if hour is not None else 59, tzinfo=ROME)
    return Moment(at, hour is not None)


def _call(slug: str, title: str, **fields: object) -> FundingCall:
    base: dict[str, object] = {"level": Level.NATIONAL, "status": CallStatus.OPEN, "territory_text": "nazionale"}
    return FundingCall(id=f"world:{slug}", source="world", title=title, **(base | fields))  # type: ignore[arg-type]


NIDI = _call(
    "nidi",
    "Nuovi asili nido e poli per l'infanzia",
    issuer="Ministero dell'istruzione e del merito",
    summary="Costruzione, ampliamento e messa in sicurezza di asili nido e scuole dell'infanzia.",
    applicants_text="Comuni; Unioni di Comuni",
    opens=_moment(2025, 3, 3),
    closes=_moment(2025, 6, 30, 12),
    total_amount=Money(Decimal(734_000_000)),
)
PICCOLI_COMUNI = _call(
    "piccoli-comuni",
    "Riqualificazione delle piazze dei piccoli comuni",
    issuer="Ministero dell'interno",
    summary="Opere di arredo e riqualificazione di piazze e spazi pubblici.",
    text="Possono presentare domanda i comuni con popolazione inferiore a 5.000 abitanti.",
    applicants_text="Comuni",
    closes=_moment(2025, 9, 15, 12),
)
SCUOLE_SICURE = _call(
    "scuole-sicure",
    "Adeguamento sismico ed efficienza energetica degli edifici scolastici",
    issuer="Ministero dell'istruzione e del merito",
    summary="Lavori di adeguamento sismico, cappotto termico e nuovi impianti nelle scuole di proprietà comunale.",
    applicants_text="Enti locali",
    closes=_moment(2025, 7, 18, 16),
)
ENERGIA_IMPRESE = _call(
    "energia-imprese",
    "Efficienza energetica degli stabilimenti produttivi",
    issuer="Ministero delle imprese e del made in Italy",
    summary="Cappotto termico, nuovi impianti e fotovoltaico negli stabilimenti delle piccole e medie imprese.",
    applicants_text="Imprese",
    closes=_moment(2025, 10, 1),
)
FOTOVOLTAICO_LOMBARDIA = _call(
    "fotovoltaico-lombardia",
    "Fotovoltaico e comunità energetiche dei comuni lombardi",
    issuer="Regione Lombardia",
    level=Level.REGIONAL,
    summary="Impianti fotovoltaici su edifici comunali e avvio di comunità energetiche rinnovabili.",
    applicants_text="Comuni",
    territory_text="Lombardia",
    closes=_moment(2025, 6, 6, 16),
)
FOTOVOLTAICO_PIEMONTE = _call(
    "fotovoltaico-piemonte",
    "Fotovoltaico e comunità energetiche dei comuni piemontesi",
    issuer="Regione Piemonte",
    level=Level.REGIONAL,
    summary="Impianti fotovoltaici su edifici comunali e avvio di comunità energetiche rinnovabili.",
    applicants_text="Comuni",
    territory_text="Piemonte",
    closes=_moment(2025, 6, 6, 16),
)
CICLABILI = _call(
    "ciclabili",
    "Piste ciclabili e mobilità dolce",
    issuer="Regione Lombardia",
    level=Level.REGIONAL,
    summary="Realizzazione di piste ciclabili, ciclostazioni e collegamenti con le stazioni ferroviarie.",
    applicants_text="Comuni; Province; Città metropolitana di Milano",
    territory_text="Lombardia",
    closes=_moment(2025, 5, 30, 12),
)
CICLABILI_CHIUSO = _call(
    "ciclabili-2024",
    "Piste ciclabili e mobilità dolce, edizione 2024",
    issuer="Regione Lombardia",
    level=Level.REGIONAL,
    status=CallStatus.CLOSED,
    summary="Realizzazione di piste ciclabili e ciclostazioni.",
    applicants_text="Comuni",
    territory_text="Lombardia",
    closes=_moment(2024, 5, 31, 12),
)
EVENTI_IN_CINQUE = _call(
    "eventi-in-cinque",
    "Palinsesti di eventi per l'attrattività turistica",
    issuer="Regione Lombardia",
    level=Level.REGIONAL,
    summary="Calendari di eventi e promozione turistica del territorio.",
    text="Il partenariato deve essere composto da almeno cinque partner, capofila compreso; il capofila è un comune.",
    applicants_text="Comuni",
    territory_text="Lombardia",
    closes=_moment(2025, 7, 31, 12),
)
RIGENERAZIONE_PAGINA_NOVE = _call(
    "rigenerazione-pagina-nove",
    "Programma integrato per i territori",
    issuer="Fondazione di comunità",
    level=Level.FOUNDATION,
    text=" ".join(
        [
            "Visto lo statuto della fondazione e richiamate le deliberazioni del consiglio di amministrazione.",
            "Considerato il documento programmatico e le linee di indirizzo approvate negli esercizi precedenti.",
        ]
        * 25
    )
    + " Sono finanziati il recupero di cascine abbandonate e la loro trasformazione in alloggi per famiglie fragili.",
    applicants_text="Comuni; Enti del terzo settore",
    territory_text="Lombardia",
)
MISURA_SENZA_DESTINATARI = _call(
    "misura-rigenerazione",
    "Progetti di rigenerazione urbana contro il degrado sociale",
    issuer="Ministero dell'interno",
    summary="Recupero di edifici e aree degradate per ridurre emarginazione e degrado sociale.",
    programme="M5C2I2.01.00",
)
DOTTORATI = _call(
    "dottorati",
    "Borse di dottorato sulla rigenerazione urbana",
    issuer="Ministero dell'università e della ricerca",
    summary="Borse di dottorato su rigenerazione urbana, recupero di edifici e aree degradate.",
    applicants_text="Università",
)

CALLS = (
    NIDI, PICCOLI_COMUNI, SCUOLE_SICURE, ENERGIA_IMPRESE, FOTOVOLTAICO_LOMBARDIA, FOTOVOLTAICO_PIEMONTE, CICLABILI,
    CICLABILI_CHIUSO, EVENTI_IN_CINQUE, RIGENERAZIONE_PAGINA_NOVE, MISURA_SENZA_DESTINATARI, DOTTORATI,
)  # fmt: skip
