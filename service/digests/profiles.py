"""What a commune that has written nothing down is likely to look for: a text by its size, the same for all of one size.

It names no place, so that some thousand communes ask one question; who may apply is eligibility's to say.
"""

from bisect import bisect_right

from matcher.recommender import Query
from matcher.records import Commune, QueryKind

_SIZES = (1_000, 5_000, 15_000, 50_000, 250_000)
"""Inhabitants from which a commune is of the next size: thresholds of laws and calls on small communes and cities."""
_EVERY = "opere pubbliche, edifici comunali, scuole, strade, efficienza energetica, servizi digitali ai cittadini"
_OF_SIZE = (
    "piccolissimo comune: servizi essenziali, contro lo spopolamento, recupero del borgo, sicurezza del territorio",
    "piccolo comune: messa in sicurezza del territorio, piazze e spazi pubblici, servizi associati, turismo e cultura",
    "comune medio: impianti sportivi, biblioteche, asili nido, mobilità ciclabile, riuso di immobili dismessi",
    "comune grande: rigenerazione urbana, politiche sociali e abitative, mobilità, verde pubblico, cultura",
    "città: rigenerazione urbana, casa, trasporto pubblico, inclusione sociale, transizione ecologica e digitale",
    "grande città: piani urbani integrati, casa, trasporto rapido, periferie, inclusione, innovazione e clima",
)
UNKNOWN_SIZE = 2
"""Where the inhabitants are not known, the size of most of those that apply."""


def profile_query(commune: Commune) -> Query:
    """Return the question that stands for a commune without needs, projects or assets of its own."""
    size = UNKNOWN_SIZE if commune.population is None else bisect_right(_SIZES, commune.population)
    return Query(f"{_OF_SIZE[size].capitalize()}; {_EVERY}.", commune, QueryKind.NEED)
