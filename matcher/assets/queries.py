"""An asset, alone or with a need, as a question to the recommender of calls: in the words in which projects are told.

Calls pay for works and for ends; what an owner writes of a building is neither. With a need, the question is the need
and one sentence on what would be done with the place, as funded projects say it: its ground or walls, heritage and
confiscation are in that sentence. What the place used to be is not: "former school" finds calls for schools.
"""

from matcher.analyser import fold
from matcher.assets.conditions import free_of_heritage, words_of
from matcher.assets.words import OPEN_GROUND, place_kind
from matcher.recommender import LONGEST_QUERY, Query
from matcher.records import Commune, Need, PublicAsset, QueryKind
from matcher.verdicts import Verdict

REUSE = "Recupero, ristrutturazione e rifunzionalizzazione di edificio pubblico dismesso"
REUSE_OF_HERITAGE = "Restauro, recupero e rifunzionalizzazione di edificio storico pubblico dismesso"
REUSE_OF_GROUND = "Recupero e riqualificazione di area dismessa"
CONFISCATED = "bene confiscato"


def asset_query(asset: PublicAsset, commune: Commune, need: Need | None = None) -> Query:
    """Return the question which calls fund an asset, or an asset put to the use of a need.

    ``commune`` is the one that would apply. Raises QueryError for a text that cannot be matched.
    """
    works = works_on(asset)
    described = f"{asset.title}. {asset.text}" if asset.text else asset.title
    text = f"{works}. {described}" if need is None else f"{need.title}. {need.text} {works}."
    query_id = asset.id if need is None else f"{asset.id} {need.id}"
    return Query(text[:LONGEST_QUERY], commune, QueryKind.ASSET, query_id)


def works_on(asset: PublicAsset) -> str:
    """Return what would be done with an asset, as funded projects say it."""
    if place_kind(asset.kind, asset.title) in OPEN_GROUND:
        works = REUSE_OF_GROUND
    else:
        works = REUSE if free_of_heritage(asset).verdict is not Verdict.NOT_MET else REUSE_OF_HERITAGE
    return f"{works}, {CONFISCATED}" if "confiscat" in fold(words_of(asset)) else works
