"""Assets and their matches as the terminal tells them, in Italian or English."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from matcher.assets.matching import AssetMatches
from matcher.assets.path import SOURCE, PathSuggestion
from matcher.assets.reuse import Reused
from matcher.verdicts import Verdict
from service import wording
from service.answers.answering import Answer
from service.assets.register import FoundAssets, RegisterLine
from service.pages import asset_words as words
from service.reports import cell, plain_table

_HEADINGS = {
    "it": ("Codice", "Bene", "Comune", "Tipo", "m²", "Stato", "Ambito pilota"),
    "en": ("Id", "Asset", "Commune", "Kind", "m²", "State", "Pilot area"),
}
_COUNTED = {"it": "{} beni, mostrati {}", "en": "{} assets, {} shown"}
_PARTS = {
    "it": ("Bisogni che potrebbe servire", "Bandi", "Luoghi simili già riusati", "Percorso suggerito"),
    "en": ("Needs that it could serve", "Calls", "Places like it that were reused", "Suggested path"),
}
_NONE = {"it": "nessuno", "en": "none"}
_NO_CERTAINTY = {"it": "un suggerimento, non una certezza; fonte: {}", "en": "a suggestion, no certainty; source: {}"}


def register_table(found: FoundAssets, language: str) -> Table:
    """Return one page of the register as a table, with how many there are beneath it."""
    table = plain_table(_HEADINGS[language])
    for one in found.lines:
        asset = one.asset
        surface = f"{asset.surface_m2:g}" if asset.surface_m2 else ""
        area = words.area_name(one.area, language)
        table.add_row(
            *map(cell, (asset.id, asset.title, one.commune_name, asset.kind, surface, asset.state, area))
        )  # fmt: skip
    table.caption = _COUNTED[language].format(found.total, len(found.lines))
    return table


def asset_lines(
    line: RegisterLine,
    needs: AssetMatches,
    calls: Answer,
    reused: Sequence[Reused],
    path: PathSuggestion,
    language: str,
) -> Iterator[str]:
    """Yield all that is told of one asset, a line each."""
    headings = iter(_PARTS[language])
    yield f"{line.asset.title} ({line.commune_name}) · {line.asset.kind}"
    yield f"\n{next(headings)}"
    yield from match_lines(needs, language, of_need=True)
    yield f"\n{next(headings)}"
    for one in calls.data["recommendations"]:
        eligible = wording.verdict(Verdict(one["eligibility"]), language)
        yield f"{one['rank']}. {one['call']['title']} · {eligible} · {one['call']['id']}"
    yield f"\n{next(headings)}"
    for project in reused:
        uses = ", ".join(words.named(words.USES[use], language) for use in project.uses[:3])
        where = ", ".join(project.precedent.commune_names[:3])
        yield " · ".join(filter(None, (project.precedent.title, where, uses, project.programme)))
    if not reused:
        yield _NONE[language]
    yield f"\n{next(headings)}: {words.named(words.PATHS[path.suggested], language)}"
    for result in path.criteria:
        told = words.named(words.PATH_CRITERIA[result.criterion], language)
        quote = f" («{result.quote}»)" if result.quote else ""
        yield f"  {wording.say(f'criterion.{result.verdict.value}', language)} {told}{quote}"
    yield f"  {_NO_CERTAINTY[language].format(SOURCE)}"


def match_lines(found: AssetMatches, language: str, *, of_need: bool) -> Iterator[str]:
    """Yield the matches, a line each; ``of_need``: what was looked for is the need."""
    if not found.items:
        yield _NONE[language]
    for one in words.match_lines(found.items, language):
        match = one.match
        record = match.need if of_need else match.asset
        yield f"{match.rank}. {record.title} ({one.where}) · {one.verdict_words} · {one.why} · {record.id}"
