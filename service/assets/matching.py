"""What is matched with an asset or a need, as far as who asks may see it.

asset ──► needs_of (its commune's and the neighbours') ── calls_of (with one of them) ── reused_like ── path_of
need  ──► assets_near
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matcher.assets.conditions import REACH_KM, words_of
from matcher.assets.matching import AssetMatch, AssetMatcher, AssetMatches
from matcher.assets.path import PathSuggestion, suggest_path
from matcher.assets.places import distances_km
from matcher.assets.queries import asset_query
from matcher.assets.reuse import Reused, similar_reused
from matcher.partners import PartnerFinder
from matcher.passages import calm
from matcher.records import Commune, Need, PublicAsset, QueryKind
from service.access.principal import Principal
from service.answers.answering import Answer, answered
from service.answers.questions import Asked, open_items, owner_of, understood, visible_item
from service.assets.register import Register, RegisterLine, visible
from service.errors import UnknownRecordError
from service.ids import new_id
from service.live import Serving
from service.moments import now
from service.partners.suggesting import PartnerAsked, Suggested, suggest
from service.work.acting import Acting
from service.work.subjects import ItemRef

RUNNERS = "cooperative sociali, associazioni, fondazioni e altri enti del terzo settore che gestiscano lo spazio"
"""Whom a concession looks for, in the words of the founding document: "partner profit e no-profit"."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Who asks, what is served, and the register: what every match is made from."""

    acting: Acting
    serving: Serving
    register: Register

    @property
    def session(self) -> Session:
        """The session of the request."""
        return self.acting.session

    @property
    def principal(self) -> Principal:
        """Who asks."""
        return self.acting.principal

    @property
    def matcher(self) -> AssetMatcher:
        """The matcher over the communes that are served."""
        return AssetMatcher(self.serving.commune_by_istat, self.serving.encoder.encode_projects)

    def commune_of(self, asset: PublicAsset) -> Commune | None:
        """Return the commune of an asset, None where it is not known."""
        return self.serving.commune_by_istat.get(asset.commune_istat)


def line_of(matching: Matching, asset_id: str) -> RegisterLine:
    """Return an asset that who asks may see; raises UnknownRecordError as if the others did not exist."""
    for one in visible(matching.register.lines(matching.session), matching.principal):
        if one.asset.id == asset_id:
            if one.owner_istat is not None:
                matching.acting.saw("assets", asset_id, one.owner_istat)
            return one
    raise UnknownRecordError(f"{asset_id}: none of the assets that you may see has this id")


def need_of(matching: Matching, need_id: str) -> Need:
    """Return a need that who asks may see; raises UnknownRecordError as if the others did not exist."""
    found = visible_item(matching.session, matching.principal, ItemRef("needs", need_id))
    if not isinstance(found, Need):
        raise UnknownRecordError(f"{need_id}: none of the needs that you may see has this id")
    matching.acting.saw("needs", need_id, found.commune_istat)
    return found


def needs_of(matching: Matching, line: RegisterLine, k: int = 10, excluded: int = 0) -> AssetMatches:
    """Return the needs that an asset could serve, of those that who asks may see; a visitor sees none."""
    needs = _visible_needs(matching)
    found = matching.matcher.needs_for(line.asset, needs, k, excluded)
    if found.items or found.excluded:
        matching.acting.did("needs", "matched", line.asset.id, matching.principal.commune_istat, count=len(found.items))
    return found


def assets_near(matching: Matching, need: Need, k: int = 10, excluded: int = 0) -> AssetMatches:
    """Return the assets within reach that could serve a need, of those that who asks may see."""
    lines = visible(matching.register.lines(matching.session), matching.principal)
    commune = matching.serving.commune_by_istat.get(need.commune_istat)
    if commune is None or commune.lat is None:
        near = [one for one in lines if one.asset.commune_istat == need.commune_istat]
    else:
        km = distances_km((commune.lat, commune.lon), [one.place for one in lines]).tolist()
        near = [
            one
            for one, apart in zip(lines, km, strict=True)
            if apart <= REACH_KM or one.asset.commune_istat == need.commune_istat
        ]
    return matching.matcher.assets_for(need, [one.asset for one in near], k, excluded)


def calls_of(matching: Matching, line: RegisterLine, need: Need | None, k: int = 10, excluded: int = 0) -> Answer:
    """Return the calls that fund an asset, or an asset put to the use of a need; its own commune applies.

    Raises UnknownCommuneError where the commune of the asset is not known, QueryError for a text that says nothing.
    """
    commune = matching.serving.finder.find(line.asset.commune_istat)
    query = asset_query(line.asset, commune, need)
    asked = Asked(text=query.text, kind=QueryKind.ASSET, commune=commune.istat, k=k, excluded=excluded)
    question = understood(matching.session, matching.principal, matching.serving, asked)
    return answered(matching.serving, question, new_id(), now())


def reused_like(matching: Matching, line: RegisterLine, k: int = 5) -> tuple[Reused, ...]:
    """Return funded projects that reused such a place, nearest first."""
    (vector,) = matching.serving.encoder.encode_projects([calm(words_of(line.asset))])
    return similar_reused(matching.serving.catalogue.precedents, line.asset, vector, k)


def partners_of(
    matching: Matching, finder: PartnerFinder, line: RegisterLine, need: Need | None, k: int = 6
) -> Suggested:
    """Return the bodies, public and of the third sector, that could run an asset or take part in its reuse.

    Of firms there is no register here: none is ever suggested. Raises UnknownCommuneError where the asset's commune is
    not known.
    """
    commune = matching.serving.finder.find(line.asset.commune_istat)
    asked = PartnerAsked(text=asset_query(line.asset, commune, need).text, commune=commune.istat, wanted=RUNNERS, k=k)
    return suggest(matching.session, matching.principal, matching.serving, finder, asked)


def path_of(matching: Matching, line: RegisterLine, needs: Sequence[AssetMatch] = ()) -> PathSuggestion:
    """Return the path suggested for an asset, given the needs that were found for it."""
    return suggest_path(line.asset, matching.commune_of(line.asset), [one.need for one in needs])


def _visible_needs(matching: Matching) -> list[Need]:
    principal = matching.principal
    if not principal.is_staff and not principal.keeps(principal.commune_istat):
        return []
    pairs = open_items(matching.session)
    return [item for item, owner in pairs if isinstance(item, Need) and principal.keeps(owner_of(item, owner))]
