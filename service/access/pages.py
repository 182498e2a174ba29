"""Who may open which page; part of the one table of ``service.access.policy``."""

from collections.abc import Mapping

from service.access.rules import ACCOUNTS, EVERYBODY, STAFF, Rule

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
    ("GET", "/accedi"): Rule(EVERYBODY),
    ("POST", "/accedi"): Rule(EVERYBODY),
    ("POST", "/esci"): Rule(EVERYBODY),
    # For somebody who has given the password and not yet the second factor; without a session one is led to the log-in.
    ("GET", "/accedi/codice"): Rule(EVERYBODY),
    ("POST", "/accedi/codice"): Rule(EVERYBODY),
    ("GET", "/accedi/secondo-fattore"): Rule(EVERYBODY),
    ("POST", "/accedi/secondo-fattore"): Rule(EVERYBODY),
    ("POST", "/accedi/secondo-fattore/conferma"): Rule(EVERYBODY),
    ("GET", "/inviti/{token}"): Rule(EVERYBODY),
    ("POST", "/inviti/{token}"): Rule(EVERYBODY),
    ("GET", "/password-dimenticata"): Rule(EVERYBODY),
    ("POST", "/password-dimenticata"): Rule(EVERYBODY),
    ("GET", "/nuova-password/{token}"): Rule(EVERYBODY),
    ("POST", "/nuova-password/{token}"): Rule(EVERYBODY),
    ("GET", "/account"): Rule(ACCOUNTS),
    ("POST", "/account/profilo"): Rule(ACCOUNTS),
    ("POST", "/account/password"): Rule(ACCOUNTS),
    ("POST", "/account/codici"): Rule(ACCOUNTS),
    ("POST", "/account/secondo-fattore/rimozione"): Rule(ACCOUNTS - STAFF),
    ("POST", "/account/sessioni"): Rule(ACCOUNTS),
    ("POST", "/account/sessioni/{session_id}"): Rule(ACCOUNTS),
    ("POST", "/account/chiavi"): Rule(ACCOUNTS),
    ("POST", "/account/chiavi/{api_key_id}"): Rule(ACCOUNTS),
    ("GET", "/static/{name:path}"): Rule(EVERYBODY),
}
"""Every page. Programs use the interface under ``/api/v1``: no API key opens a page."""
