"""The shapes of partners, partnerships and shown interest over HTTP."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from matcher.consortium import RuleSort
from matcher.partners import Basis, Confidence
from matcher.recommender import LONGEST_QUERY
from matcher.records import ApplicantKind
from matcher.verdicts import Verdict
from service.api.shapes_answers import CommuneNameShape, Count, CriterionShape, Id, Line, Number, Prose, Word
from service.api.shapes_items import AuthorShape
from service.api.shapes_work import AboutCallShape, Body, ItemRefShape
from service.partners.interests import MOST_CHOSEN, Consent, Interest
from service.partners.suggesting import MOST_MEMBERS, PartnerAsked
from service.partners.tables import Audience
from service.work.texts import Code, Istat, plain_text

MOST_PARTNERS = 50
LONGEST_WANTED = 2_000
Contact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(plain_text)]
BodyId = Annotated[str, StringConstraints(min_length=1, max_length=300)]
BodyIds = Annotated[list[BodyId], Field(max_length=MOST_MEMBERS)]


class PartnerQuestionShape(BaseModel):
    """A project that looks for partners: a text with a commune, or an item."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "Due appartamenti per adulti con disabilità che lasciano la famiglia",
                    "commune": "015182",
                    "wanted": "associazione per persone con disabilità; azienda socio sanitaria",
                }
            ]
        },
    )

    text: str = Field("", max_length=LONGEST_QUERY, description="the project, in plain words")
    item: ItemRefShape | None = Field(None, description="a need, project or asset that is kept here")
    commune: str = Field("", max_length=100, description="who asks: ISTAT code or name", examples=["015182"])
    call_id: str = Field("", max_length=300, description="the call that it is for; empty for none")
    wanted: str = Field("", max_length=LONGEST_WANTED, description="whom it looks for, in words")
    present: BodyIds = Field(default_factory=list, description="ids of bodies that take part already")
    k: int = Field(10, ge=1, le=MOST_PARTNERS, description="how many")

    def asked(self) -> PartnerAsked:
        """Return the question as the service takes it."""
        return PartnerAsked(
            text=self.text,
            item=self.item.ref() if self.item else None,
            commune=self.commune,
            call_id=self.call_id,
            wanted=self.wanted,
            present=tuple(self.present),
            k=self.k,
        )


class BodyShape(BaseModel):
    """A body, and how sure it is what it is and does."""

    id: Id = Field(examples=["enti-ipa:asstn"])
    name: Line
    kind: ApplicantKind
    commune: CommuneNameShape
    province: Word
    confidence: Confidence = Field(description="a third-sector body whose name tells no trade is `unsure`")
    kind_known_by: Basis
    work_known_by: Basis


class PlayedRoleShape(BaseModel):
    """A role that a body would fill."""

    code: Word = Field(examples=["disability"])
    asked: bool = Field(description="somebody or the call asks for it; otherwise the project speaks of it")


class CarriedOutShape(BaseModel):
    """A project that a body carried out."""

    id: Id
    title: Prose
    programme: Word
    year: int | None = Field(ge=0, le=9999)
    amount: Word | None
    currency: Word | None
    similarity: Number = Field(description="to the project asked about; 0 for those shown for their size")


class PartnerShape(BodyShape):
    """One body suggested, with its reasons."""

    rank: int = Field(ge=1, le=1000)
    score: Number = Field(description="comparable within one list only: the sum of the contributions")
    km: Number | None = Field(description="between the centres of the two communes; null where not known")
    eligibility: Verdict = Field(description="whether the body itself could apply for the call")
    criteria: list[CriterionShape] = Field(max_length=20)
    roles: list[PlayedRoleShape] = Field(max_length=100)
    contributions: dict[str, Number]
    precedents: list[CarriedOutShape] = Field(max_length=10)
    precedent_count: Count
    interested: bool = Field(description="it lets you know that the same call interests it")
    contact: Line = Field(description="of its office, where it consents to share it with you")


class PartnersShape(BaseModel):
    """The bodies that complement a project best."""

    commune: CommuneNameShape
    call_id: Id | None
    candidates: Count = Field(description="bodies within reach")
    asked: list[Word] = Field(max_length=100, description="roles that you or the call ask for")
    unfilled: list[Word] = Field(max_length=100, description="those that nobody within reach fills")
    items: list[PartnerShape] = Field(max_length=MOST_PARTNERS)
    besides: list[PartnerShape] = Field(max_length=100, description="the best for each role that no item fills")


class ConsortiumRuleShape(BaseModel):
    """What a call asks of a partnership, with the words that it was read from."""

    rule: RuleSort
    minimum: Count | None
    maximum: Count | None
    kinds: list[ApplicantKind] = Field(max_length=len(ApplicantKind), description="whom it counts; empty for all")
    lead_only: bool
    quote: Line
    origin: Line


class RuleResultShape(ConsortiumRuleShape):
    """A rule judged for a partnership."""

    verdict: Verdict
    satisfied_by: BodyIds
    against: BodyIds
    unsettled: BodyIds
    at_least: Count
    at_most: Count | None = Field(description="null where somebody's figure is not known")
    missing: Count


class ConsortiumVerdictShape(BaseModel):
    """A partnership judged by the rules of a call."""

    verdict: Verdict
    rules: list[RuleResultShape] = Field(max_length=50)


class FilledRoleShape(BaseModel):
    """Who fills a role that is asked for."""

    code: Word
    filled_by: BodyIds


class ProposalShape(ConsortiumVerdictShape):
    """A whole partnership, the lead first."""

    members: list[BodyShape] = Field(max_length=MOST_MEMBERS + 1)
    roles: list[FilledRoleShape] = Field(max_length=100)


class ProposalsShape(BaseModel):
    """Different partnerships for a call."""

    call_id: Id
    rules: list[ConsortiumRuleShape] = Field(max_length=50, description="empty where the text says nothing of one")
    proposals: list[ProposalShape] = Field(max_length=5)


class MembersShape(Body):
    """A partnership to judge: the first body leads."""

    call_id: Code = Field(examples=["regione-lombardia:rl-lombardia-style"])
    members: BodyIds = Field(min_length=1, examples=[["comuni:015182", "comuni:015146"]])


class NewInterest(Body):
    """Interest in a call, and whom the commune lets know."""

    commune_istat: Istat = Field(examples=["015182"])
    call_id: Code = Field(examples=["regione-lombardia:rl-lombardia-style"])
    shown_to: Audience = Field(Audience.NOBODY, description="who may know, besides the incubator")
    chosen: list[Istat] = Field(default_factory=list, max_length=MOST_CHOSEN, description="where you choose some")
    contact: Contact = Field("", description="of an office, not of a person; empty shares none")

    def consent(self) -> Consent:
        """Return the consent."""
        return Consent(self.shown_to, tuple(self.chosen), self.contact)


class InterestShape(AboutCallShape):
    """An interest with its consent, as the commune itself and the incubator see it."""

    shown_to: Audience
    chosen: list[Istat] = Field(max_length=MOST_CHOSEN)
    contact: Line

    @classmethod
    def of(cls, interest: Interest) -> Self:
        """Return the shape of an interest."""
        return cls(
            id=interest.id,
            author=AuthorShape.of(interest.author),
            at=interest.at,
            withdrawn_at=interest.withdrawn_at,
            commune_istat=interest.commune_istat,
            call_id=interest.call_id,
            call_title=interest.call_title,
            item=None,
            shown_to=interest.consent.shown_to,
            chosen=list(interest.consent.chosen),
            contact=interest.consent.contact,
        )
