"""What a report says: the summary, the tasks beside each other, and one section per task."""

from evaluation.comparison import Comparison, compare_all, mean_interval
from evaluation.errors import ResultsError
from evaluation.measures.ranking import MAIN
from evaluation.report.blocks import Document, Figure, Paragraph, Section, Table
from evaluation.report.held import Held, held
from evaluation.report.plots import Dot, Row, dot_plot
from evaluation.report.tasks import task_section
from evaluation.report.wording import interval, italian
from evaluation.results import Results

TITLE = "How good the recommendations are"


def document(results: Results) -> Document:
    """Return the report of some results; raises ResultsError where there are none."""
    if not results.results:
        raise ResultsError("nothing was measured: there is nothing to report")
    tasks = [held(results, task) for task in results.tasks]
    compared = _compared(tasks)
    ranked = [one for one in tasks if one.has(MAIN)]
    overview = [_overview(ranked)] if any(one.baseline for one in ranked) else []
    below = (task_section(one, compared.get(one.task.name, [])) for one in tasks)
    return Document(TITLE, _summary(ranked, compared), (*overview, *below), results.context)


def _compared(tasks: list[Held]) -> dict[str, list[Comparison]]:
    """Compare the subject with every other system on every task, the p values corrected together."""
    pairs = [
        (one.result(system, MAIN), one.result(one.subject, MAIN))
        for one in tasks
        if one.has(MAIN)
        for system in one.systems
        if system != one.subject
    ]
    found: dict[str, list[Comparison]] = {}
    for comparison in compare_all(pairs):
        found.setdefault(comparison.task, []).append(comparison)
    return found


def _overview(tasks: list[Held]) -> Section:
    rows, cells = [], []
    for one in tasks:
        ours = mean_interval(one.result(one.subject, MAIN).per_query.values())
        best = mean_interval(one.result(one.baseline, MAIN).per_query.values()) if one.baseline else None
        dots = [Dot(ours.mean, ours.low, ours.high)]
        dots += [Dot(best.mean, best.low, best.high, 1)] if best else []
        rows.append(Row(one.task.name, tuple(dots), f"n = {ours.n}"))
        cells.append((one.task.name, str(ours.n), interval(ours), one.baseline, interval(best) if best else ""))
    subject = tasks[0].subject
    table = Table(
        f"{MAIN} of {subject} and of the best other system on each task, with 95% intervals",
        ("task", "queries", subject, "best other", f"{MAIN} of the best other"),
        tuple(cells),
    )
    plot = dot_plot(rows, f"mean {MAIN} with its 95% interval", (subject, "best other system"))
    said = Paragraph(
        f"{MAIN} is 1 where the ten calls shown are the best ones in the best order, 0 where none of them is relevant. "
        "Tasks are not comparable with each other: they ask different things of different calls."
    )
    return Section("overview", "All tasks", (said, Figure(plot, _overview_in_words(tasks), table)))


def _overview_in_words(tasks: list[Held]) -> str:
    won = [one.task.name for one in tasks if one.baseline and one.mean(one.subject) > one.mean(one.baseline)]
    lost = [one.task.name for one in tasks if one.baseline and one.task.name not in won]
    subject = tasks[0].subject
    said = f"Dot plot. {subject} is above the best other system on {', '.join(won) or 'no task'}"
    return f"{said}; not on {', '.join(lost)}." if lost else f"{said}."


def _summary(tasks: list[Held], compared: dict[str, list[Comparison]]) -> Paragraph:
    """Say in Italian what a person in a town hall would want to know."""
    sentences = [_summary_of(one, compared.get(one.task.name, [])) for one in tasks[:1]]
    sure = [one for one in tasks if (c := _best(one, compared)) and c.p_holm < 0.05 and c.difference.mean > 0]
    if len(tasks) > 1:
        sentences.append(f"In {len(sure)} prove su {len(tasks)} il vantaggio è netto (p < 0,05 corretto con Holm).")
    return Paragraph(" ".join(sentences) or "Nessuna graduatoria è stata misurata.", "it")


def _summary_of(one: Held, comparisons: list[Comparison]) -> str:
    said = f"Su {len(one.task.queries)} domande ({one.task.title}), "
    if one.has("Success@5"):
        share = italian(100 * one.result(one.subject, "Success@5").mean(), 0)
        said += f"{one.subject} mostra tra i primi cinque almeno un bando adatto nel {share}% dei casi; "
    said += f"la qualità della graduatoria ({MAIN}) è {italian(one.mean(one.subject))}"
    comparison = next((c for c in comparisons if c.baseline == one.baseline), None)
    if comparison is None:
        return f"{said}."
    gap = comparison.difference
    bounds = f"intervallo al 95%: da {italian(gap.low)} a {italian(gap.high)}"
    said += f", contro {italian(one.mean(one.baseline))} della migliore alternativa ({one.baseline}; {bounds} in più)."
    return said + _ineligible_in_italian(one)


def _ineligible_in_italian(one: Held) -> str:
    if not one.has("Ineligible@10"):
        return ""
    ours, theirs = (100 * one.result(s, "Ineligible@10").mean() for s in (one.subject, one.baseline))
    return (
        f" Dei dieci bandi mostrati, il {italian(ours, 0)}% risulta non accessibile al comune "
        f"({italian(theirs, 0)}% con {one.baseline})."
    )


def _best(one: Held, compared: dict[str, list[Comparison]]) -> Comparison | None:
    return next((c for c in compared.get(one.task.name, []) if c.baseline == one.baseline), None)
