"""Italian regions and provinces as texts name them, and the keys by which two namings of one place meet.

Names and ISTAT region codes are those of the national list of communes (ISTAT); the aliases are how calls write them.
"""

import re
from functools import lru_cache

from matcher.bodies import fold
from matcher.records import Commune

REGION_NAMES: dict[str, tuple[str, ...]] = {
    "01": ("PIEMONTE",),
    "02": ("VALLE D AOSTA", "VALLEE D AOSTE", "VALLE AOSTA"),
    "03": ("LOMBARDIA", "LOMBARDI", "LOMBARDE", "LOMBARDO", "LOMBARDA"),
    "04": (
        *("TRENTINO", "ALTO ADIGE", "SUDTIROL", "PROVINCIA AUTONOMA DI TRENTO", "PROVINCIA AUTONOMA DI BOLZANO"),
        *("PA TRENTO", "PA BOLZANO", "PA DI TRENTO", "PA DI BOLZANO"),
    ),
    "05": ("VENETO",),
    "06": ("FRIULI", "FVG"),
    "07": ("LIGURIA",),
    "08": ("EMILIA", "EMILIA ROMAGNA", "ROMAGNA"),
    "09": ("TOSCANA",),
    "10": ("UMBRIA",),
    "11": ("REGIONE MARCHE", "MARCHE"),
    "12": ("LAZIO",),
    "13": ("ABRUZZO", "ABRUZZI"),
    "14": ("MOLISE",),
    "15": ("CAMPANIA",),
    "16": ("PUGLIA",),
    "17": ("BASILICATA",),
    "18": ("CALABRIA",),
    "19": ("SICILIA", "SICILIANA", "REGIONE SICILIANA"),
    "20": ("SARDEGNA", "REGIONE SARDA"),
}
SOUTH = frozenset({"13", "14", "15", "16", "17", "18", "19", "20"})

_PROVINCES: dict[str, str] = {
    "01": "Torino;Vercelli;Novara;Cuneo;Asti;Alessandria;Biella;Verbano-Cusio-Ossola",
    "02": "Aosta",
    "03": "Varese;Como;Sondrio;Milano;Bergamo;Brescia;Pavia;Cremona;Mantova;Lecco;Lodi;Monza e della Brianza",
    "04": "Bolzano;Trento",
    "05": "Verona;Vicenza;Belluno;Treviso;Venezia;Padova;Rovigo",
    "06": "Udine;Gorizia;Trieste;Pordenone",
    "07": "Imperia;Savona;Genova;La Spezia",
    "08": "Piacenza;Parma;Reggio Emilia;Modena;Bologna;Ferrara;Ravenna;Forlì-Cesena;Rimini",
    "09": "Massa-Carrara;Lucca;Pistoia;Firenze;Livorno;Pisa;Arezzo;Siena;Grosseto;Prato",
    "10": "Perugia;Terni",
    "11": "Pesaro e Urbino;Ancona;Macerata;Ascoli Piceno;Fermo",
    "12": "Viterbo;Rieti;Roma;Latina;Frosinone",
    "13": "L'Aquila;Teramo;Pescara;Chieti",
    "14": "Campobasso;Isernia",
    "15": "Caserta;Benevento;Napoli;Avellino;Salerno",
    "16": "Foggia;Bari;Taranto;Brindisi;Lecce;Barletta-Andria-Trani",
    "17": "Potenza;Matera",
    "18": "Cosenza;Catanzaro;Reggio Calabria;Crotone;Vibo Valentia",
    "19": "Trapani;Palermo;Messina;Agrigento;Caltanissetta;Enna;Catania;Ragusa;Siracusa",
    "20": "Sassari;Nuoro;Cagliari;Oristano;Sud Sardegna",
}
_ALIASES = {
    "REGGIO NELL EMILIA": "REGGIO EMILIA",
    "REGGIO DI CALABRIA": "REGGIO CALABRIA",
    "BOLZANO BOZEN": "BOLZANO",
    "VALLE D AOSTA VALLEE D AOSTE": "AOSTA",
    "MONZA E BRIANZA": "MONZA E DELLA BRIANZA",
    "MONZA BRIANZA": "MONZA E DELLA BRIANZA",
    "MONZA": "MONZA E DELLA BRIANZA",
    "FORLI": "FORLI CESENA",
    "MASSA": "MASSA CARRARA",
    "PESARO": "PESARO E URBINO",
    "AQUILA": "L AQUILA",
    "SPEZIA": "LA SPEZIA",
}


ZONES: dict[str, str] = {
    "NORD MILANO": "NORD MILANO",
    "ALTO MILANESE": "ALTO MILANESE",
    "MAGENTINO E ABBIATENSE": "MAGENTINO E ABBIATENSE",
    "MAGENTINO": "MAGENTINO E ABBIATENSE",
    "ABBIATENSE": "MAGENTINO E ABBIATENSE",
    "ADDA MARTESANA": "ADDA MARTESANA",
    "NORD OVEST": "NORD OVEST",
    "SUD EST": "SUD EST",
    "SUD OVEST": "SUD OVEST",
}
"""How texts name the homogeneous zones of the metropolitan city of Milan, and the key of each."""


def place_key(name: str) -> str:
    """The form in which two writings of one place name are equal: ``L'Aquila`` and ``L’AQUILA``."""
    return fold(name).strip()


def province_key(name: str) -> str:
    """The key of a province, whichever of its names is given: ``Reggio nell'Emilia`` is ``REGGIO EMILIA``."""
    key = place_key(name)
    return _ALIASES.get(key, key)


PROVINCE_REGION = {province_key(name): code for code, names in _PROVINCES.items() for name in names.split(";")}
"""Province key to ISTAT region code."""

_REGION_OF_NAME = {alias: code for code, names in REGION_NAMES.items() for alias in names}
_REGION_PATTERN = re.compile(rf"(?<= )(?:{'|'.join(sorted(_REGION_OF_NAME, key=len, reverse=True))})(?= )")
_PROVINCE_OF_NAME = {key: key for key in PROVINCE_REGION} | _ALIASES
_PROVINCE_PATTERN = re.compile(rf"(?<= )(?:{'|'.join(sorted(_PROVINCE_OF_NAME, key=len, reverse=True))})(?= )")
# Provinces and rivers that carry a region's name, and the common words that are one.
_NOT_A_REGION = re.compile(r" (?:REGGIO (?:NELL |DI )?(?:EMILIA|CALABRIA)|VIA EMILIA|LE MARCHE DA BOLLO) ")


@lru_cache(maxsize=4096)
def find_regions(text: str) -> frozenset[str]:
    """ISTAT codes (2 digits) of the regions that a text names."""
    folded = _NOT_A_REGION.sub(" ", fold(text))
    return frozenset(_REGION_OF_NAME[name] for name in _REGION_PATTERN.findall(folded))


@lru_cache(maxsize=4096)
def find_provinces(text: str) -> frozenset[str]:
    """Keys of the provinces that a text names; only for texts that speak of provinces (their names are also towns')."""
    return frozenset(_PROVINCE_OF_NAME[name] for name in _PROVINCE_PATTERN.findall(fold(text)))


_ZONE_PATTERN = re.compile(rf"(?<= )(?:{'|'.join(sorted(ZONES, key=len, reverse=True))})(?= )")
_ZONE_TALK = re.compile(
    r" (?:ZON[AE]|OMOGENE[AE]|COMUNI|DEL|DELL|DELLE|DELLA|E|DI|NEL|NELL|NELLE|LA|LE|PILOTA|AREE|AREA)(?= )"
)


def find_zones(text: str) -> frozenset[str]:
    """Keys of the zones of the metropolitan city of Milan, where a text names them and nothing else; else none."""
    folded = fold(text)
    zones = frozenset(ZONES[name] for name in _ZONE_PATTERN.findall(folded))
    return zones if zones and not _ZONE_TALK.sub("", _ZONE_PATTERN.sub("", folded)).strip() else frozenset()


def region_of(commune: Commune) -> str:
    """ISTAT code of a commune's region, empty where the record names none."""
    if commune.region_code:
        return commune.region_code
    named = find_regions(commune.region)
    return next(iter(named)) if len(named) == 1 else PROVINCE_REGION.get(province_key(commune.province), "")
