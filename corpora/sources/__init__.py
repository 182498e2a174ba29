"""One importer per official publisher, under the name used on the command line and at the head of every id."""

from importlib import import_module
from typing import cast

from corpora.errors import SourceError
from corpora.rows import Source

# Name → the module that exposes it as SOURCE; modules load when they are asked for.
_MODULES = {
    "beni-comune": "corpora.sources.beni_comune",
    "beni-confiscati": "corpora.sources.beni_confiscati",
    "comuni": "corpora.sources.comuni",
    "confini": "corpora.sources.confini",
    "enti-ipa": "corpora.sources.enti_ipa",
    "ets": "corpora.sources.ets",
    "incentivi": "corpora.sources.incentivi",
    "opencoesione": "corpora.sources.opencoesione",
    "padigitale": "corpora.sources.padigitale",
    "pnc": "corpora.sources.pnc",
    "pnrr-avvisi": "corpora.sources.pnrr_avvisi",
    "pnrr-gare": "corpora.sources.pnrr_gare",
    "pnrr-misure": "corpora.sources.pnrr_misure",
    "pnrr-progetti": "corpora.sources.pnrr_progetti",
    "regione-lombardia": "corpora.sources.regione_lombardia",
}

NAMES = tuple(sorted(_MODULES))
"""Every source, in alphabetical order."""


def get_source(name: str) -> Source:
    """The importer of one source; raises SourceError naming the known ones."""
    if name not in _MODULES:
        raise SourceError(f"no source {name!r}: choose one of {', '.join(NAMES)}")
    return cast(Source, import_module(_MODULES[name]).SOURCE)
