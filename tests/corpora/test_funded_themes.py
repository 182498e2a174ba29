"""What was funded before, in phrases: what is counted, what is left out, and the table that the package carries."""

import csv
import gzip
from pathlib import Path

from corpora.funded_themes import (
    MOST_PHRASES,
    TABLE,
    choose_themes,
    count_phrases,
    load_funded_themes,
    place_words,
    read_precedents,
    write_funded_themes,
)
from matcher.records import Commune, Precedent


def project(number: int, title: str, measure: str = "M1", commune: str = "") -> Precedent:
    return Precedent(
        id=f"p:{number}",
        source="p",
        title=title,
        measure=measure,
        cup=f"CUP{number}",
        communes=(commune or f"{number}",),
    )


LAMPS = [project(i, f"Sostituzione lampioni con led in via Roma {i}") for i in range(4)]
SCHOOLS = [project(10 + i, "Adeguamento sismico della scuola primaria", "M2") for i in range(4)]


def test_a_phrase_is_counted_once_per_project_and_words_of_tenders_never() -> None:
    counts = count_phrases([*LAMPS, project(0, "Lampioni, lampioni, lampioni")], frozenset())
    assert counts["M1"]["lampioni"] == 4
    assert "via" not in " ".join(counts["M1"])


def test_a_phrase_of_one_place_is_no_theme_because_it_may_be_its_name() -> None:
    local = [project(20 + i, "Recupero di Palazzo Aquilone", commune="015182") for i in range(9)]
    assert not [phrase for phrase in count_phrases([*LAMPS, *local], frozenset())["M1"] if "aquilone" in phrase]


def test_names_of_communes_cut_a_text_and_everyday_words_do_not() -> None:
    places = place_words([Commune(istat="1", name="Rho"), Commune(istat="2", name="Ponte Lambro")])
    assert "rho" in places
    assert "ponte" not in places
    found = count_phrases([project(i, "Nuovo ponte Rho ciclabile") for i in range(3)], places)
    assert set(found["M1"]) >= {"ponte", "ciclabile"}
    assert not [phrase for phrase in found["M1"] if "rho" in phrase]


def test_a_measure_is_told_by_what_other_measures_do_not_fund() -> None:
    themes = choose_themes(count_phrases([*LAMPS, *SCHOOLS], frozenset()))
    assert themes["M1"][0][0] == "sostituzione lampioni led"
    assert themes["M2"][0] == ("adeguamento sismico scuola", 4)


def test_one_word_does_not_crowd_out_the_others() -> None:
    many = [project(i, f"scuola tema{chr(97 + j)}{chr(97 + j)}a") for i in range(3) for j in range(20)]
    themes = choose_themes(count_phrases(many, frozenset()))["M1"]
    assert sum("scuola" in phrase.split() for phrase, _ in themes) == 3
    assert len(themes) <= MOST_PHRASES


def test_the_table_is_written_and_read_back(tmp_path: Path) -> None:
    themes = choose_themes(count_phrases([*LAMPS, *SCHOOLS], frozenset()))
    rows = write_funded_themes(themes, tmp_path / TABLE)
    lines = [line for line in (tmp_path / TABLE).read_text().splitlines() if not line.startswith("#")]
    assert len(list(csv.DictReader(lines))) == rows == sum(map(len, themes.values()))


def test_the_package_carries_what_broad_measures_funded() -> None:
    carried = load_funded_themes()
    assert "illuminazione" in carried["M2C4I2.02.00"]
    assert "asilo nido" in carried["M4C1I1.01.00"]
    assert "biblioteca" in carried["M5C2I2.01.00"]


def test_reserved_projects_are_not_read(shared_data: Path) -> None:
    with gzip.open(shared_data / "bench_pnrr_queries.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        reserved = {row["cup"] for row in csv.DictReader(stream) if row["split"] != "train"}
    assert len(reserved) > 3_000
    assert not any(precedent.cup in reserved for precedent in read_precedents(shared_data))
