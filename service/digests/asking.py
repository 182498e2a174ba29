"""From what a person follows to questions: what a commune, or one of its items, looks for money for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.recommender import Query
from matcher.records import Commune
from service.access.principal import STAFF
from service.accounts.tables import AccountRow, AccountState, Role
from service.answers.questions import MOST_ITEMS, communes_of, is_public, name_of, open_items, owner_of
from service.digests.content import Follow, FollowKind, Recipient
from service.digests.profiles import profile_query
from service.work.subjects import QUERY_KINDS, Item, item_text

_FOLLOWED = {"needs": FollowKind.NEED, "projects": FollowKind.PROJECT, "assets": FollowKind.ASSET}
Owned = tuple[Item, str | None]
"""An item and the commune that keeps it, None for one that was imported."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the catalogue, and the item that asks; both empty for a commune asked for by its size."""

    query: Query
    item_id: str = ""
    item_title: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing that a person follows, with what it asks; ``private``: its commune's own items are asked for, too."""

    follow: Follow
    title: str
    commune: Commune
    private: bool
    questions: tuple[Question, ...]

    @property
    def is_profile(self) -> bool:
        """Whether nothing was written down to ask for."""
        return not self.questions[0].item_id


@dataclass(frozen=True, slots=True)
class Items:
    """The items that look for money, as they are now: by the commune that each is about, and by what follows it."""

    of_commune: Mapping[str, Sequence[Owned]]
    followed: Mapping[Follow, Owned]
    _asked: dict[tuple[Follow, bool], Asking] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, session: Session) -> "Items":
        """Read all items of a database that look for money."""
        of_commune: dict[str, list[Owned]] = {}
        followed: dict[Follow, Owned] = {}
        for item, owner in open_items(session):
            followed[Follow(_FOLLOWED[name_of(item).kind], item.id)] = item, owner
            for istat in dict.fromkeys((*communes_of(item, owner), *([owner] if owner else ()))):
                of_commune.setdefault(istat, []).append((item, owner))
        return cls(of_commune, followed)

    def asking(self, follow: Follow, communes: Mapping[str, Commune], *, private: bool) -> Asking | None:
        """Return what a followed thing asks; None for one that is no more there, or whose commune is not."""
        key = follow, private
        if key not in self._asked:
            is_commune = follow.kind is FollowKind.COMMUNE
            found = self._of_commune(follow, communes, private) if is_commune else self._of_item(follow, communes)
            if found is None:
                return None
            self._asked[key] = found
        return self._asked[key]

    def _of_commune(self, follow: Follow, communes: Mapping[str, Commune], private: bool) -> Asking | None:
        commune = communes.get(follow.record_id)
        if commune is None:
            return None
        kept = [
            item
            for item, owner in self.of_commune.get(commune.istat, ())
            if is_public(item, owner) or (private and owner_of(item, owner) == commune.istat)
        ]
        questions = tuple(_question(item, commune) for item in kept[:MOST_ITEMS])
        return Asking(follow, commune.name, commune, private, questions or (Question(profile_query(commune)),))

    def _of_item(self, follow: Follow, communes: Mapping[str, Commune]) -> Asking | None:
        item, owner = self.followed.get(follow, (None, None))
        if item is None:
            return None
        commune = next((communes[istat] for istat in communes_of(item, owner) if istat in communes), None)
        if commune is None:
            return None
        return Asking(follow, item.title, commune, not is_public(item, owner), (_question(item, commune),))


def _question(item: Item, commune: Commune) -> Question:
    query = Query(item_text(item), commune, QUERY_KINDS[name_of(item).kind], item.id)
    return Question(query, item.id, item.title)


class Readers:
    """What the people of one e-mail run may see and do, by their accounts as they are now."""

    def __init__(self, session: Session, recipients: Iterable[Recipient]) -> None:
        wanted = sorted({one.account_id for one in recipients if one.account_id is not None})
        columns = AccountRow.id, AccountRow.role, AccountRow.commune_istat
        self._accounts = {
            id_: (role, istat)
            for some in _chunks(wanted)
            for id_, role, istat in session.execute(
                select(*columns).where(AccountRow.id.in_(some), AccountRow.state == AccountState.ACTIVE)
            )
        }

    def keeps(self, recipient: Recipient, istat: str) -> bool:
        """Whether a person acts for a commune: its own account, or the incubator's."""
        role, own = self._accounts.get(recipient.account_id or "", (Role.PUBLIC, None))
        return role in STAFF or (role is Role.COMMUNE and own == istat)


def _chunks(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
