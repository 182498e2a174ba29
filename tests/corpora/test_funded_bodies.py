"""Who was funded before: what is counted, what is not, and the table that the package carries."""

from collections.abc import Iterable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpora.funded_bodies import (
    TABLE,
    count_funded_bodies,
    funded_kind,
    load_funded_bodies,
    read_precedents,
    write_funded_bodies,
)
from matcher.records import ApplicantKind as Kind
from matcher.records import Precedent


def precedent(measure: str = "M5C2I2.01.00", body: str = "", beneficiary: Kind | None = None) -> Precedent:
    return Precedent(
        id=f"pnrr-progetti:{measure}:{body}",
        source="pnrr-progetti",
        title="Una piazza",
        measure=measure,
        body=body,
        beneficiary=beneficiary,
    )


def test_a_body_that_no_one_can_name_is_not_counted() -> None:
    assert count_funded_bodies([precedent(body=""), precedent(body="VIRGILIO"), precedent("", "COMUNE DI RHO")]) == {}


def test_the_publisher_is_believed_before_the_name() -> None:
    assert funded_kind(precedent(body="ATAC SPA", beneficiary=Kind.PUBLIC_BODY)) is Kind.PUBLIC_BODY
    assert funded_kind(precedent(body="COMUNE DI RHO")) is Kind.COMMUNE


def test_rural_pharmacies_are_firms_though_an_agency_pays_them() -> None:
    assert funded_kind(precedent("M5C3I1.01.02")) is Kind.FIRM
    assert funded_kind(precedent("M4C2I1.01.00")) is None


def test_projects_are_counted_by_measure_and_kind() -> None:
    funded = [
        precedent(body="COMUNE DI RHO"),
        precedent(body="COMUNE DI LAINATE"),
        precedent(body="PROVINCIA DI PAVIA"),
    ]
    assert count_funded_bodies([*funded, precedent("PNC-C.13.0.0", "ALER MILANO")]) == {
        "M5C2I2.01.00": {Kind.COMMUNE: 2, Kind.PROVINCE: 1},
        "PNC-C.13.0.0": {Kind.PUBLIC_BODY: 1},
    }


@given(st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.sampled_from([None, *Kind]))))
def test_no_project_is_counted_twice_or_lost(pairs: Iterable[tuple[str, Kind | None]]) -> None:
    funded = [precedent(measure, beneficiary=kind) for measure, kind in pairs]
    counts = count_funded_bodies(funded)
    assert sum(sum(kinds.values()) for kinds in counts.values()) == sum(
        bool(measure and kind) for measure, kind in pairs
    )


def test_the_table_counts_bodies_and_names_none(tmp_path: Path) -> None:
    twice = [precedent(body="COMUNE DI RHO"), precedent(body="COMUNE DI RHO"), precedent(beneficiary=Kind.FIRM)]
    assert write_funded_bodies(twice, tmp_path / TABLE) == 2
    written = (tmp_path / TABLE).read_text()
    assert written.splitlines()[-2:] == ["M5C2I2.01.00,commune,2,1", "M5C2I2.01.00,firm,1,0"]
    assert "RHO" not in written


def test_the_package_carries_who_was_funded() -> None:
    carried = load_funded_bodies()
    assert carried["M1C2I5.01.01"] == {Kind.FIRM: 4_265}
    assert carried["M1C1I1.04.03"][Kind.COMMUNE] > 8_000
    assert max(carried["M4C1I3.03.00"], key=carried["M4C1I3.03.00"].__getitem__) is Kind.PROVINCE
    assert not any(measure.startswith("#") for measure in carried)


def test_the_package_carries_what_the_open_data_say(shared_data: Path) -> None:
    assert count_funded_bodies(read_precedents(shared_data)) == load_funded_bodies()
