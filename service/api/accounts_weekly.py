"""The weekly e-mail of one's own account: what is followed, in which language, or not at all."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from service.access.enforcement import CurrentPrincipal
from service.api.accounts_shapes import Language, Sent
from service.api.acting import Writing
from service.digests import subscriptions
from service.digests.content import Audience, Follow, FollowKind, Quiet
from service.digests.running import pec_domains
from service.digests.subscriptions import LONGEST_THEME, MOST_FOLLOWS, MOST_MUTED, Subscription, Wanted
from service.digests.tables import SubscriptionState
from service.errors import UnknownRecordError
from service.web.state import state_of
from service.web.transactions import ReadSession
from service.web.versions import EditedVersion, etag

router = APIRouter(prefix="/api/v1/account/weekly-email", tags=["accounts"])
Theme = Annotated[str, Field(min_length=1, max_length=LONGEST_THEME, examples=["turismo"])]


class FollowShape(Sent):
    """Something that is followed: a commune by its ISTAT code, or one of its items by its id."""

    kind: FollowKind
    id: str = Field(min_length=1, max_length=300, examples=["015182"])


class WeeklyChoice(Sent):
    """What somebody wants to receive every week."""

    follows: list[FollowShape] = Field(max_length=MOST_FOLLOWS)
    audience: Audience = Field(Audience.COMMUNE, description="consultant: new calls with the communes to ring")
    language: Language = "it"
    quiet: Quiet = Field(Quiet.SAY_SO, description="what to do in a week without news")
    muted: list[Theme] = Field(default_factory=list, max_length=MOST_MUTED, description="themes to hear nothing of")

    def wanted(self) -> Wanted:
        """Return the choice as it is kept."""
        follows = tuple(dict.fromkeys(Follow(one.kind, one.id) for one in self.follows))
        return Wanted(follows, self.audience, self.language, self.quiet, frozenset(self.muted))


class WeeklyShape(BaseModel):
    """The weekly e-mail of an account; it comes only while the state is active."""

    state: SubscriptionState
    follows: list[FollowShape] = Field(max_length=MOST_FOLLOWS)
    audience: Audience
    language: Language
    quiet: Quiet
    muted: list[Theme] = Field(max_length=MOST_MUTED)
    version: int = Field(ge=1, le=2**31 - 1)

    @classmethod
    def of(cls, kept: Subscription) -> "WeeklyShape":
        """Return the shape of a subscription."""
        wanted = kept.wanted
        return cls(
            state=kept.state,
            follows=[FollowShape(kind=one.kind, id=one.record_id) for one in wanted.follows],
            audience=wanted.audience,
            language=wanted.language,
            quiet=wanted.quiet,
            muted=sorted(wanted.muted),
            version=kept.version,
        )


@router.get("", operation_id="read_weekly_email")
def read_weekly_email(session: ReadSession, response: Response, principal: CurrentPrincipal) -> WeeklyShape:
    """Return what one receives every week; 404 where nothing was ever chosen."""
    kept = subscriptions.of_account(session, principal.account_id or "")
    if kept is None:
        raise UnknownRecordError('nothing was chosen yet: PUT a choice with If-Match: "0"')
    response.headers["ETag"] = etag(kept.version)
    return WeeklyShape.of(kept)


@router.put("", operation_id="choose_weekly_email")
def choose_weekly_email(
    request: Request, acting: Writing, response: Response, sent: WeeklyChoice, version: EditedVersion
) -> WeeklyShape:
    """Choose what one receives every week, or take it up again; ``If-Match: "0"`` for the first time."""
    pec = pec_domains(state_of(request).settings)
    kept = subscriptions.keep(acting, sent.wanted(), version or None, pec)
    response.headers["ETag"] = etag(kept.version)
    return WeeklyShape.of(kept)


@router.delete("", operation_id="end_weekly_email", status_code=204)
def end_weekly_email(acting: Writing) -> None:
    """Receive it no more; choosing again takes it up."""
    kept = subscriptions.of_account(acting.session, acting.account_id)
    if kept is None:
        raise UnknownRecordError("nothing was chosen yet")
    subscriptions.end(acting, kept.token, "api")
