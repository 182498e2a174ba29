"""Who may open which page; part of the one table of ``service.access.policy``."""

from collections.abc import Mapping

from service.access.rules import EVERYBODY, Rule

PAGES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/"): Rule(EVERYBODY),
    ("POST", "/raccomandazioni"): Rule(EVERYBODY),
    ("GET", "/raccomandazioni/{answer_id}"): Rule(EVERYBODY, own=True),
    ("GET", "/bandi"): Rule(EVERYBODY),
    ("GET", "/bandi/{call_id:path}"): Rule(EVERYBODY),
    ("GET", "/come-funziona"): Rule(EVERYBODY),
    ("GET", "/fonti"): Rule(EVERYBODY),
    ("GET", "/privacy"): Rule(EVERYBODY),
    ("GET", "/note-legali"): Rule(EVERYBODY),
    ("POST", "/lingua"): Rule(EVERYBODY),
    ("GET", "/static/{name:path}"): Rule(EVERYBODY),
}
"""Every page. Programs use the interface under ``/api/v1``: no API key opens a page."""
