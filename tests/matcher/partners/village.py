"""A small valley of invented bodies around real communes: what each is, and what it was funded for."""

from decimal import Decimal

from matcher.partners import Directory, PartnerBody, assemble
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune, Money, Organisation, Precedent


def _commune(istat: str, name: str, lat: float, lon: float, population: int, province: str = "Milano") -> Commune:
    return Commune(
        istat=istat, name=name, province=province, region="Lombardia", region_code="03", zone="Adda Martesana",
        lat=lat, lon=lon, population=population, area_km2=10.0,
    )  # fmt: skip


GORGONZOLA = _commune("015108", "Gorgonzola", 45.53, 9.40, 20_000)
GESSATE = _commune("015106", "Gessate", 45.55, 9.43, 8_800)
INZAGO = _commune("015114", "Inzago", 45.54, 9.48, 11_000)
MELZO = _commune("015142", "Melzo", 45.50, 9.42, 18_000)
CREMONA = _commune("019036", "Cremona", 45.13, 10.02, 71_000, "Cremona")
COMMUNES = (GORGONZOLA, GESSATE, INZAGO, MELZO, CREMONA)


def _body(body_id: str, name: str, kind: Kind, seat: Commune, **fields: str) -> Organisation:
    return Organisation(id=body_id, name=name, kind=kind, commune_istat=seat.istat, **fields)


HEALTH = _body(
    "enti-ipa:asst", "Azienda Socio Sanitaria Territoriale Melegnano e Martesana", Kind.HEALTH, MELZO, ipa_code="asst"
)
SCHOOL = _body("enti-ipa:ic", "Istituto Comprensivo di Gessate", Kind.SCHOOL, GESSATE, ipa_code="ic")
ANFFAS = _body("ets:anffas", "ANFFAS MARTESANA", Kind.THIRD_SECTOR, INZAGO, category="ets_e_onlus")
NAMELESS = _body("ets:sole", "IL SOLE SOCIETA' COOPERATIVA SOCIALE", Kind.THIRD_SECTOR, GESSATE, category="ets_e_onlus")
FAR_AWAY = _body("ets:cremona", "ASSOCIAZIONE DISABILI CREMONA", Kind.THIRD_SECTOR, CREMONA, category="ets_e_onlus")
WOUND_UP = _body("ets:fine", "LA FINE COOPERATIVA SOCIALE IN LIQUIDAZIONE", Kind.THIRD_SECTOR, GESSATE)
ORGANISATIONS = (HEALTH, SCHOOL, ANFFAS, NAMELESS, FAR_AWAY, WOUND_UP)


def funded(body: str, title: str, euro: int, measure: str = "M5C2I1.02.00", region: str = "LOMBARDIA") -> Precedent:
    return Precedent(
        id=f"pnrr-progetti:{title}", source="pnrr-progetti", title=title, body=body, measure=measure, region=region,
        amount=Money(Decimal(euro)),
    )  # fmt: skip


FLATS = funded("COMUNE DI MELZO", "Appartamenti per adulti con disabilità", 700_000)
BRIDGE = funded("COMUNE DI MELZO", "Ponte ciclabile sul canale", 900_000, "M2C2I4.01.02")


def bodies(*precedents: Precedent) -> list[PartnerBody]:
    return assemble(COMMUNES, ORGANISATIONS, precedents)


def directory(*precedents: Precedent) -> Directory:
    return Directory.build(bodies(*precedents))
