"""What is said of funded projects: facts with their source, and nobody's private name."""

from dataclasses import replace
from decimal import Decimal

import pytest

from matcher.explanation import Contribution, PrecedentMatch, Recommendation
from matcher.records import ApplicantKind, Money, Precedent, Provenance
from matcher.verdicts import Eligibility, Verdict
from service import wording
from service.precedent_wording import body, precedent
from tests import world

SCHOOL = Precedent(
    id="world:p1",
    source="world",
    title="Nuovo cappotto termico della scuola primaria",
    body="COMUNE DI RHO",
    beneficiary=ApplicantKind.COMMUNE,
    commune_names=("Rho",),
    amount=Money(Decimal(300_000)),
    year=2022,
    provenance=Provenance("Progetti del PNRR, file di prova"),
)


def test_a_precedent_says_who_when_how_much_and_from_where() -> None:
    assert precedent(PrecedentMatch(SCHOOL, 0.95)) == (
        "un progetto quasi uguale al vostro è stato finanziato da questa misura: Comune di Rho, 2022, 300.000 € — "
        "«Nuovo cappotto termico della scuola primaria» (fonte: Progetti del PNRR, file di prova)"
    )
    assert precedent(PrecedentMatch(SCHOOL, 0.90), "en").startswith(
        "a project like yours was funded by this measure: Comune di Rho, 2022, 300,000 €"
    )


@pytest.mark.parametrize(
    ("similarity", "words"),
    [(0.93, "quasi uguale al"), (0.89, "come il"), (0.86, "vicino al"), (0.5, "altro progetto")],
)
def test_likeness_is_told_in_words_and_none_is_claimed_where_there_is_none(similarity: float, words: str) -> None:
    assert words in precedent(PrecedentMatch(SCHOOL, similarity))


@pytest.mark.parametrize("kind", [ApplicantKind.PERSON, ApplicantKind.FIRM])
def test_a_private_persons_name_is_never_said(kind: ApplicantKind) -> None:
    private = replace(SCHOOL, body="ROSSI MARIA", beneficiary=kind)
    assert body(private) == ""
    assert "rossi" not in precedent(PrecedentMatch(private, 0.95)).lower()
    assert "Rho, 2022" in precedent(PrecedentMatch(private, 0.95))


def test_what_the_source_does_not_say_is_left_out() -> None:
    bare = Precedent(id="world:p2", source="world", title="Piazza")
    assert precedent(PrecedentMatch(bare, 0.9)) == (
        "un progetto come il vostro è stato finanziato da questa misura — «Piazza» (fonte: world)"
    )


def test_a_file_number_is_not_shown_in_place_of_what_was_done() -> None:
    numbered = replace(SCHOOL, title="1.2c_h264Comune di Rho", text="MIGRAZIONE AL CLOUD DEI SERVIZI DELL'ANAGRAFE")
    assert "«Migrazione al cloud dei servizi dell'anagrafe»" in precedent(PrecedentMatch(numbered, 0.9))


@pytest.mark.parametrize(("added", "said"), [(0.4, True), (0.0, False), (-0.3, False)])
def test_a_reason_says_that_precedents_counted_only_if_they_did(added: float, said: bool) -> None:
    judged = Eligibility(Verdict.MET, (), 1.0)
    found = Recommendation(1, world.NIDI, 1.0, judged, (Contribution("project_best", 2.0, added),), ())
    assert ("ha già finanziato progetti simili" in wording.why(found)) is said
    assert ("has funded similar projects" in wording.why(found, "en")) is said
