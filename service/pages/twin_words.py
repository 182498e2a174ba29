"""Why two projects are proposed as one, in words."""

from collections.abc import Mapping, Sequence

from matcher.project_twins import Evidence
from service.pages.translations import marked as _
from service.pages.translations import translations

_EVIDENCE: Mapping[Evidence, str] = {
    Evidence.SAME_CUP: _("stesso CUP"),
    Evidence.TENDER: _("gara del progetto"),
    Evidence.SAME_TITLE: _("stesso titolo"),
    Evidence.NEAR_TITLE: _("titolo quasi uguale"),
    Evidence.SAME_COMMUNE: _("stesso comune"),
    Evidence.SAME_BODY: _("stesso ente"),
    Evidence.SAME_AMOUNT: _("stesso importo"),
    Evidence.NEAR_AMOUNT: _("importo quasi uguale"),
}


def evidence_words(found: Sequence[Evidence], language: str) -> list[str]:
    """Return what each piece of evidence is called."""
    return [translations(language).gettext(_EVIDENCE[one]) for one in found]
