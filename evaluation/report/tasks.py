"""The section of one task: systems, strata, gains and losses, who may apply, calibration, answers to read."""

from collections.abc import Callable, Iterator

from evaluation.comparison import Change, Comparison, Interval, mean_interval
from evaluation.measures.calibration import ECE
from evaluation.measures.eligibility import INELIGIBLE
from evaluation.measures.ranking import MAIN
from evaluation.report.blocks import Answers, Block, Figure, Listed, Paragraph, Section, Table
from evaluation.report.held import Held
from evaluation.report.plots import Dot, Row, change_plot, dot_plot, reliability_plot
from evaluation.report.wording import (
    STRATA_FIRST,
    difference,
    interval,
    measure_name,
    number,
    p_value,
    signed,
    stratum_explained,
    stratum_name,
    verdict,
)
from evaluation.results import Total

SHOWN = 4
"""Queries shown in full of each kind: the worst, the most gained, the most lost."""
MOSTLY_JUDGED = 0.5
"""Judged@10 below which a share of ruled-out calls says nothing."""
LOSS = "Loss("


def task_section(one: Held, comparisons: list[Comparison]) -> Section:
    """Return everything that is said of one task."""
    parts: list[Callable[[], Section | None]] = [
        lambda: _systems(one, comparisons),
        lambda: _strata(one),
        lambda: _changes(one, comparisons),
        lambda: _ineligible(one),
        lambda: _robustness(one),
        lambda: _calibration(one),
        lambda: _worst(one),
        lambda: _everything(one),
    ]
    sections = tuple(section for part in parts if (section := part()) is not None)
    return Section(one.task.name, one.task.title, (Paragraph(one.task.about),), sections, one.task.language)


def _id(one: Held, part: str) -> str:
    return f"{one.task.name}-{part}"


def _systems(one: Held, comparisons: list[Comparison]) -> Section | None:
    if not one.has(MAIN):
        return None
    found = {system: mean_interval(one.result(system, MAIN).per_query.values()) for system in one.systems}
    ordered = sorted(found, key=lambda system: -found[system].mean)
    rows = [
        Row(s, (Dot(found[s].mean, found[s].low, found[s].high, int(s != one.subject)),), number(found[s].mean))
        for s in ordered
    ]
    against = {c.baseline: c for c in comparisons}
    cells = tuple((s, interval(found[s]), *_against(one, against.get(s))) for s in ordered)
    header = ("system", f"{MAIN} [95% interval]", f"{one.subject} − system", "p (Holm)", f"{one.subject} is")
    table = Table(f"{MAIN} of every system on {one.task.name}", header, cells, one.subject)
    best = f"the best is {ordered[0]} with {number(found[ordered[0]].mean)}"
    words = (
        f"Dot plot of {len(ordered)} systems: {best}, the last {ordered[-1]} with {number(found[ordered[-1]].mean)}."
    )
    plot = dot_plot(rows, f"mean {MAIN} with its 95% interval")
    return Section(_id(one, "systems"), "Systems", (Figure(plot, words, table), *_hopeless(one)))


def _against(one: Held, found: Comparison | None) -> tuple[str, str, str]:
    if found is None:
        return "", "", ""
    return difference(found.difference), p_value(found.p_holm), verdict(found)


def _hopeless(one: Held) -> Iterator[Block]:
    without = [q.query_id for q in one.task.queries if not any(one.task.grades.get(q.query_id, {}).values())]
    if without and one.task.grades:
        yield Paragraph(
            f"{len(without)} of {len(one.task.queries)} queries have no relevant call: every system has 0 there, so "
            f"the highest mean that can be reached is {number(1 - len(without) / len(one.task.queries))}."
        )


def _strata(one: Held) -> Section | None:
    strata = one.task.strata()
    if not one.has(MAIN) or not strata:
        return None
    places = {name: place for place, name in enumerate(STRATA_FIRST)}
    ordered = sorted(strata, key=lambda name: (places.get(name, len(places)), name))
    shown = [name for name in ordered if len(strata[name]) > 1]
    if not shown:
        return None
    figures = [block for name in shown for block in _stratum(one, name, strata[name])]
    return Section(_id(one, "strata"), "For whom, and for what", tuple(figures))


def _stratum(one: Held, name: str, values: dict[str, frozenset[str]]) -> Iterator[Block]:
    rows, cells = [], []
    systems = [one.subject, *([one.baseline] if one.baseline else [])]
    for value, queries in values.items():
        means = [_mean_of(one, system, queries) for system in systems]
        dots = tuple(Dot(m.mean, m.low, m.high, series) for series, m in enumerate(means))
        rows.append(Row(value, dots, f"n = {means[0].n}"))
        cells.append((value, str(means[0].n), *(interval(m) for m in means)))
    caption = f"{MAIN} by {stratum_name(name).lower()}, with 95% intervals"
    table = Table(caption, (stratum_name(name), "queries", *systems), tuple(cells))
    least = min(rows, key=lambda row: row.dots[0].value)
    words = (
        f"Dot plot of {MAIN} by {stratum_name(name).lower()}; lowest for {least.label}, {number(least.dots[0].value)}."
    )
    if stratum_explained(name):
        yield Paragraph(stratum_explained(name))
    yield Figure(dot_plot(rows, f"{stratum_name(name)}: mean {MAIN}", systems), words, table)


def _mean_of(one: Held, system: str, queries: frozenset[str]) -> Interval:
    return mean_interval(v for q, v in one.result(system, MAIN).per_query.items() if q in queries)


def _changes(one: Held, comparisons: list[Comparison]) -> Section | None:
    found = next((c for c in comparisons if c.baseline == one.baseline), None)
    if found is None:
        return None
    better, worse, n = len(found.better), len(found.worse), found.difference.n
    differences = [c.difference for c in found.changes] + [0.0] * (n - better - worse)
    words = f"Bars of {n} queries: {better} gained, {worse} lost, {n - better - worse} stayed the same."
    cells = [
        ("gained", str(better), signed(_mean([c.difference for c in found.better]))),
        ("lost", str(worse), signed(_mean([c.difference for c in found.worse]))),
        ("the same", str(n - better - worse), ""),
    ]
    table = Table(
        f"What each query gains or loses against {one.baseline}", ("", "queries", "mean change"), tuple(cells)
    )
    plot = change_plot(differences, f"{n} queries: {MAIN} of {one.subject} − that of {one.baseline}")
    answers = [_changed(one, change) for change in (*found.worse[:SHOWN], *found.better[:SHOWN])]
    title = f"Query by query against {one.baseline}"
    return Section(_id(one, "changes"), title, (Figure(plot, words, table), *answers))


def _changed(one: Held, change: Change) -> Answers:
    word = "gained" if change.difference > 0 else "lost"
    note = f"{word} {number(abs(change.difference))}: from {number(change.baseline)} to {number(change.system)}"
    return _answers(one, change.query_id, note, (one.subject, one.baseline))


def _ineligible(one: Held) -> Section | None:
    if not one.has(INELIGIBLE):
        return None
    found = {s: mean_interval(one.result(s, INELIGIBLE).per_query.values()) for s in one.systems}
    rows = [
        Row(s, (Dot(m.mean, m.low, m.high, int(s != one.subject)),), f"{100 * m.mean:.0f}%")
        for s, m in found.items()
        if s == one.subject or one.mean(s, "Judged@10") >= MOSTLY_JUDGED
    ]
    cells = tuple((s, interval(m), number(one.mean(s, "Judged@10"))) for s, m in found.items())
    header = ("system", "share the commune may not apply for", "judged@10")
    table = Table("Share of the ten calls shown that a reader ruled out for the commune", header, cells, one.subject)
    words = f"Dot plot: {number(found[one.subject].mean)} of what {one.subject} shows is out of the commune's reach."
    said = Paragraph(
        "Lower is better. Calls that nobody judged count as fine, so systems whose calls were mostly not judged are "
        "left out of the plot."
    )
    figure = Figure(dot_plot(rows, "share of the ten calls shown that the commune may not apply for"), words, table)
    return Section(_id(one, "ineligible"), "Shown, but out of reach", (said, figure))


def _robustness(one: Held) -> Section | None:
    measures = [m for m in one.results.measures(one.task.name) if m.startswith(LOSS)]
    found = [r for r in one.results.results if r.task == one.task.name and r.measure in measures]
    if not found:
        return None
    rows, cells = [], []
    for result in found:
        mean = mean_interval(result.per_query.values())
        rows.append(Row(measure_name(result.measure), (Dot(mean.mean, mean.low, mean.high),), signed(-mean.mean)))
        cells.append((measure_name(result.measure), result.system, interval(mean)))
    header = ("written", "system", f"loss of {MAIN}")
    table = Table(f"What is lost of {MAIN} when the same need is written otherwise", header, tuple(cells))
    worst = max(rows, key=lambda row: row.dots[0].value)
    words = f"Dot plot; the most is lost with {worst.label}, {number(worst.dots[0].value)}."
    figure = Figure(dot_plot(rows, f"loss of {MAIN} with its 95% interval", whole=False), words, table)
    return Section(_id(one, "robustness"), "The same need, written otherwise", (figure,))


def _calibration(one: Held) -> Section | None:
    total = next((t for t in one.totals() if t.measure == ECE and t.points), None)
    if total is None:
        return None
    points = [(p["likelihood"], p["observed"], p["pairs"]) for p in total.points]
    cells = tuple((number(said), number(true), f"{pairs:.0f}") for said, true, pairs in points)
    table = Table("Likelihood that was given, and share that came true", ("said", "came true", "pairs"), cells)
    words = f"Reliability diagram in {len(points)} bins; the mean distance from the diagonal is {number(total.value)}."
    said = Paragraph(
        "Of the calls that are said to be open to the commune with a likelihood of 0.8, four in five should be. A "
        f"point below the diagonal promises too much. Expected calibration error: {number(total.value)}."
    )
    figure = Figure(reliability_plot(points), words, table)
    return Section(_id(one, "calibration"), "Is the likelihood of being admitted true?", (said, figure))


def _worst(one: Held) -> Section | None:
    if not one.has(MAIN) or not one.results.rankings:
        return None
    values = one.result(one.subject, MAIN).per_query
    hopeful = [q for q in values if any(one.task.grades.get(q, {}).values())]
    worst = sorted(hopeful, key=lambda q: (values[q], q))[:SHOWN]
    answers = tuple(_answers(one, q, f"{MAIN} {number(values[q])}", (one.subject,)) for q in worst)
    said = Paragraph("Among the queries that have a relevant call. The number is the grade that a reader gave.")
    return Section(_id(one, "worst"), f"Where {one.subject} does worst", (said, *answers)) if answers else None


def _answers(one: Held, query_id: str, note: str, systems: tuple[str, ...]) -> Answers:
    text = next((q.text for q in one.task.queries if q.query_id == query_id), "")
    grades, titles = one.task.grades.get(query_id, {}), one.results.titles
    rankings = {
        system: tuple(Listed(titles.get(call, call), grades.get(call)) for call in one.top(system, query_id))
        for system in systems
    }
    return Answers(query_id, text, note, one.task.language, rankings)


def _everything(one: Held) -> Section | None:
    measures = [m for m in one.results.measures(one.task.name) if not m.startswith(LOSS)]
    rows: list[tuple[str, ...]] = []
    for measure in measures:
        by_system = {r.system: r for r in one.results.results if (r.task, r.measure) == (one.task.name, measure)}
        rows.append(
            (measure_name(measure), *(number(by_system[s].mean()) if s in by_system else "" for s in one.systems))
        )
    totals = one.totals()
    for measure in dict.fromkeys(t.measure for t in totals):
        values: dict[str, Total] = {t.system: t for t in totals if t.measure == measure}
        rows.append((measure_name(measure), *(number(values[s].value) if s in values else "" for s in one.systems)))
    if not rows:
        return None
    table = Table(f"Every measure on {one.task.name}, means over the queries", ("measure", *one.systems), tuple(rows))
    return Section(_id(one, "all"), "All figures", (table,))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
