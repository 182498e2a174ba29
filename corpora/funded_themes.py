"""What measures have funded before, in a few words each: phrases counted in the titles of their projects.

A measure's own text speaks of milestones; its projects speak of lamp posts, pavements and school roofs, and so do the
communes that ask. ``python -m corpora.funded_themes FOLDER`` counts the open data in FOLDER again and writes the table
that the package carries. It holds single phrases and how many projects use them: no titles, no places, no names.

    projects of a measure ──► phrases of one to three words ──► those that tell it from other measures, best first

Projects that the benchmark reserves for choosing or testing are left out, so that they can still test.
"""

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from importlib.resources import files
from math import log
from pathlib import Path
from re import compile as pattern
from re import findall

from corpora.rows import Read, Repairs
from corpora.sources import get_source
from matcher.analyser import fold
from matcher.records import Commune, Precedent
from matcher.stopwords import STOP_WORDS

TABLE = "funded_themes.csv"
MOST_PHRASES = 60
"""Phrases per measure: a broad one funds some forty kinds of works."""
LEAST_PLACES = 3
"""Bodies or communes that must use a phrase before it counts: fewer, and it may be the name of a place."""
MOST_PLACES = 15
_LONGEST = 3
_SAME_WORD = 3
_FILES = (
    ("pnrr-progetti", "pnrr_progetti_validati.csv.gz"),
    ("pnrr-gare", "pnrr_gare_universo.csv.gz"),
    ("pnc", "pnc_progetti.csv.gz"),
)
_COLUMNS = ("measure", "phrase", "projects")
_BENCHMARK = "bench_pnrr_queries.csv.gz"

_ADDRESS = pattern(
    r"\b(?:via|viale|piazza|piazzale|p\.?zza|corso|largo|vicolo|contrada|loc|localita|frazione|fraz)\b[^-,.;:()]*"
)
"""From the name of a way to the next sign: streets are called after everything that projects are about."""

# Words of tenders and decrees: they say how something is bought, not what.
_PROCEDURE_WORDS = frozenset(
    """via viale piazza corso strada lotto lotti cup cig lavori opere opera affidamento incarico incarichi servizio
    servizi tecnici tecnico tecnica gara appalto appalti integrato fornitura forniture procedura aperta negoziata
    diretto
    sensi legge decreto dlgs direttoriale delibera nextgenerationeu next generation unione europea europeo finanziato
    finanziata finanziati progettazione definitiva definitivo esecutiva esecutivo preliminare fattibilita direzione
    coordinamento sicurezza fase esecuzione collaudo collaudatore relazione geologica geologico geologiche geotecnica
    geognostiche indagini indagine rilievo rilievi studio verifica verificatore validazione redazione contabilita
    architettura ingegneria prestazioni professionali professionale professionista supporto rup spese tecniche
    territorio comunale comunali capoluogo localita frazione zona area ambito ambiti attivita relativo relativa relativi
    oggetto importo quadro economico accordo ente amministrazione nazionale ripresa resilienza piano tutto vari varie
    definire titolo programma voucher consip convenzione adesione stipula determina contratto disciplinare economica
    nord sud est ovest messa alcuni alcune tratti tratto primo prima secondo seconda stralcio annualita contabile
    polizza assicurativa assistenza consulenza specialistica noleggio posa acquisto acquisizione installazione
    certificato regolare impegno spesa perizia variante pubblicazione guri csp cse affari interni interno ministero
    dipartimento dpcm dnsh saggi restituzione grafica modalita telematica richiesta offerta pubblicita legale esito inv
    subinvestimento gennaio prestazione attinenti verifiche diagnostiche diagnostica denominato settore operativa
    aggiornamento fenomeni situazioni volti ridurre riduzione regolare esecutivi definitivi geologo geologici geologia
    geotecniche topografico topografici inerenti adibito sita preventiva destinare altre altri mediante nell dell sull
    ricerca potenziamento istruzione coesione inclusione materia mobilita investimento esistente esistenti presso
    commissario straordinario sostegno attuatore soggetto beneficiario decreti ministeriale circolare punto parte
    ai del dei delle degli della""".split()
)
# Names of places that are also everyday words of projects.
_PLACES_THAT_ARE_WORDS = frozenset(
    """vita nuova paese castello monte terme ponte rocca bosco riva porto scala fiume lago borgo villa casa torre campo
    mare valle acqui parco rete nido centrale isola case acqua sala canale marina museo colle pieve serra""".split()
)


def count_phrases(precedents: Iterable[Precedent], not_phrases: Collection[str]) -> dict[str, Counter[str]]:
    """Return how many projects of each measure use each phrase; words in ``not_phrases`` cut a text in two."""
    projects: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    places: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for precedent in precedents:
        if precedent.measure:
            where = {*precedent.communes} or {precedent.body}
            # Titles are cut at forty characters, in the middle of the body's name; the summary is whole.
            for phrase in _phrases(precedent.text or precedent.title, not_phrases):
                projects[precedent.measure][phrase].add(precedent.cup)
                places[precedent.measure][phrase] |= where
    return {measure: _widely_used(found, places[measure]) for measure, found in projects.items()}


def _widely_used(projects: dict[str, set[str]], places: dict[str, set[str]]) -> Counter[str]:
    """Return the phrases that enough places use, more of them where the measure has thousands of projects."""
    n_projects = len(set().union(*projects.values()))
    least = min(MOST_PLACES, max(LEAST_PLACES, n_projects // 500))
    return Counter({phrase: len(cups) for phrase, cups in projects.items() if len(places[phrase]) >= least})


def choose_themes(counts: dict[str, Counter[str]]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the phrases that tell each measure from the others, best first, with their numbers of projects.

    A phrase is worth the logarithm of its projects times how few measures share it, longer ones a little more; a word
    stands in at most three phrases of a measure, so that many kinds of works find room.
    """
    shared = Counter(phrase for found in counts.values() for phrase in found)
    return {
        measure: tuple(_diverse(sorted(found.items(), key=lambda pair: (-_worth(*pair, shared, len(counts)), pair[0]))))
        for measure, found in counts.items()
        if found
    }


def load_funded_themes() -> dict[str, str]:
    """Return what each measure has funded, by the table that the package carries: phrases joined by ``; ``."""
    themes: dict[str, list[str]] = defaultdict(list)
    lines = files("corpora.embedded").joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        themes[row["measure"]].append(row["phrase"])
    return {measure: "; ".join(phrases) for measure, phrases in themes.items()}


def write_funded_themes(themes: dict[str, tuple[tuple[str, int], ...]], path: Path) -> int:
    """Write the table; returns its number of rows."""
    rows = [(measure, *pair) for measure, pairs in sorted(themes.items()) for pair in pairs]
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("# Phrases in the titles of funded projects by measure, and how many projects use each.\n")
        stream.write("# Counted from open data of Italia Domani (PNRR 2023, PNC 2024); reserved projects left out.\n")
        csv.writer(stream, lineterminator="\n").writerows([_COLUMNS, *rows])
    return len(rows)


def has_precedents(folder: Path) -> bool:
    """Whether a folder of open data holds the files of funded projects, and what its benchmark reserves of them."""
    return all((folder / file).is_file() for file in (_BENCHMARK, *(file for _, file in _FILES)))


def read_precedents(folder: Path) -> Iterator[Precedent]:
    """Yield the projects in a folder of open data, without those that its benchmark reserves."""
    with gzip.open(folder / _BENCHMARK, "rt", encoding="utf-8", newline="") as stream:
        reserved = {row["cup"] for row in csv.DictReader(stream) if row["split"] != "train"}
    for source, file in _FILES:
        for outcome in get_source(source).read(folder / file, Repairs()):
            record = outcome.record if isinstance(outcome, Read) else None
            if isinstance(record, Precedent) and record.cup not in reserved:
                yield record


def place_words(communes: Iterable[Commune]) -> frozenset[str]:
    """Return the words that communes and provinces are called by and projects are not."""
    names = (f"{commune.name} {commune.province} {commune.region}" for commune in communes)
    return frozenset(word for name in names for word in _words(name) if len(word) > 1) - _PLACES_THAT_ARE_WORDS


def _phrases(text: str, not_phrases: Collection[str]) -> set[str]:
    found: set[str] = set()
    run: list[str] = []
    for word in [*_words(_ADDRESS.sub(" . ", fold(text))), ""]:
        if len(word) < 3 or word in not_phrases or word in _PROCEDURE_WORDS:
            if word not in STOP_WORDS or not word:
                found.update(" ".join(run[i : i + n]) for n in range(1, _LONGEST + 1) for i in range(len(run) - n + 1))
                run = []
        elif word not in STOP_WORDS:
            run.append(word)
    return found


def _words(text: str) -> list[str]:
    """Return the words of a text in reading order, with the signs that end a sentence among them."""
    return findall(r"[a-z]{2,}|[.;]", fold(text))


def _worth(phrase: str, projects: int, shared: Counter[str], n_measures: int) -> float:
    return log(1 + projects) * log((n_measures + 1) / shared[phrase]) * (1 + 0.35 * phrase.count(" "))


def _diverse(ranked: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    used: Counter[str] = Counter()
    chosen: list[str] = []
    for phrase, projects in ranked:
        words = phrase.split()
        if any(used[word] >= _SAME_WORD for word in words) or any(phrase in other for other in chosen):
            continue
        chosen.append(phrase)
        used.update(words)
        yield phrase, projects
        if len(chosen) == MOST_PHRASES:
            return


def main(folder: Path) -> int:
    """Count the open data of a folder and write the table of the package."""
    outcomes = get_source("comuni").read(folder / "comuni_italiani.csv.gz", Repairs())
    places = place_words(o.record for o in outcomes if isinstance(o, Read) and isinstance(o.record, Commune))
    themes = choose_themes(count_phrases(read_precedents(folder), places))
    return write_funded_themes(themes, Path(__file__).parent / "embedded" / TABLE)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m corpora.funded_themes FOLDER")
    main(Path(sys.argv[1]))
