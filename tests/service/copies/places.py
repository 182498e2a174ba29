"""Databases to copy from and to, and one that holds a row of every table with what is hard to carry."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, create_engine, insert, select, text

from service.copies.rows import tables_of
from service.database import reading, write_transaction
from service.schema import METADATA
from service.settings import Settings
from tests.world import RHO

AT = datetime(2026, 3, 3, 9, 30, 0, 123, tzinfo=UTC)
LATER = AT + timedelta(days=400)
HARD = 'già «città» – ☂ 𝄞 "virgolette" \\ tab\t a capo\r\n\u2028 fine'
ACCOUNT = "00000000-0000-4000-8000-000000000001"
CALL = "hand:call"


def silent(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


def _record(id_: str, **fields: object) -> dict[str, object]:
    return {
        "id": id_,
        "source": "hand",
        "version": 2,
        "content_hash": "h",
        "payload": HARD,
        "hand_fields": ["a"],
    } | fields


def _said(id_: str, **fields: object) -> dict[str, object]:
    return {"id": id_, "account_id": ACCOUNT, "at": AT, "active_key": id_, "withdrawn_at": None} | fields


ROWS: dict[str, dict[str, object]] = {
    "imports": {"id": 41, "source": "prova", "file_name": HARD, "sha256": "", "started_at": AT, "repairs": {"è": 1}},
    "data_versions": {"name": "calls", "number": 7, "stamp": "s"},
    "throttles": {"key": "k", "failures": 3, "since": AT},
    "communes": _record(
        RHO.istat, name="Rho", province_code="015", region_code="03", zone="NA", population=None, import_id=41
    ),
    "organisations": _record("o", name="NA", kind="school", ipa_code="", commune_istat=RHO.istat),
    "frame_items": _record("f", kind="driver", code="1", label=HARD, archived_at=LATER),
    "funding_calls": _record(
        CALL, title=HARD, issuer="", level="eu", status="open", programme="", opens_at=AT, illustrative=True
    ),
    "precedents": _record("p", cup="", measure="", procedure="", programme="", year=2024),
    "boundaries": _record("confini:015182", istat="015182", import_id=41),
    "quarantine": {
        "fingerprint": "q",
        "import_id": 41,
        "source": "prova",
        "file": "f",
        "line": 0,
        "field": "",
        "value": HARD,
        "reason": "",
        "first_seen": AT,
        "last_seen": LATER,
    },
    "accounts": {
        "id": ACCOUNT,
        "email": "capo@rho.example",
        "name": "Caterina Quasimodo",
        "role": "commune",
        "commune_istat": RHO.istat,
        "state": "active",
        "password_hash": "argon",
        "created_at": AT,
        "totp_last_step": 58_000_000,
        "version": 3,
    },
    "identities": {"issuer": "https://idp.example", "subject": "s", "account_id": ACCOUNT, "created_at": AT},
    "single_use_links": {
        "token_hash": "t",
        "purpose": "invitation",
        "account_id": ACCOUNT,
        "created_at": AT,
        "expires_at": LATER,
    },
    "recovery_codes": {"code_hash": "c", "account_id": ACCOUNT, "used_at": LATER},
    "sessions": {
        "secret_hash": "s",
        "account_id": ACCOUNT,
        "csrf_token": "x",
        "created_at": AT,
        "last_seen_at": AT,
        "expires_at": LATER,
    },
    "api_keys": {
        "id": "k",
        "prefix": "p",
        "secret_hash": "h",
        "name": "n",
        "account_id": ACCOUNT,
        "scopes": ["a", "è"],
        "created_at": AT,
        "expires_at": LATER,
    },
    "idempotency_keys": {
        "account_id": ACCOUNT,
        "key": "k",
        "route": "r",
        "body_hash": "h",
        "status": 201,
        "location": "",
        "body": HARD,
        "at": AT,
    },
    "needs": _record(
        "n", title=HARD, commune_istat=RHO.istat, owner_istat=RHO.istat, created_at=AT, created_by=ACCOUNT
    ),
    "projects": _record("j", title="", state="", programme="", cup=""),
    "public_assets": _record("a", title="", commune_istat="", kind="", path=""),
    "register_entries": {
        "id": "p",
        "kind": "precedent",
        "source": "prova",
        "title": HARD,
        "cup": "",
        "programme": "programme:pnrr",
        "measure": "",
        "measure_label": "NA",
        "state": "",
        "amount": Decimal("1234567890.05"),
        "year": None,
        "body": HARD,
        "paired_with": "",
        "owner_istat": RHO.istat,
        "illustrative": True,
        "archived_at": LATER,
        "merged_into": "j",
    },
    "project_twins": {"first_id": "j", "second_id": "p", "evidence": ["same_cup"], "likeness": 0.9, "is_tender": False},
    "register_placements": _said("rpl", entry_id="p", programme="programme:pui"),
    "register_pairs": _said("rpa", entry_id="p", other_id="j"),
    "register_places": {"entry_id": "p", "commune_istat": "015182"},
    "observations": {
        "id": "ob",
        "at": AT,
        "active_key": "ob",
        "entry_id": "p",
        "owner_istat": RHO.istat,
        "import_id": 41,
        "said_on": date(2026, 12, 31),
        "fact": "amount",
        "name": HARD,
        "value": Decimal("12345678901234567890.1234"),
        "unit": "EUR",
        "note": HARD,
    },
    "entry_news": {"entry_id": "p", "said_on": date(2023, 2, 21), "state": "funded"},
    "record_changes": {
        "id": 9,
        "kind": "needs",
        "record_id": "n",
        "version": 2,
        "account_id": ACCOUNT,
        "at": AT,
        "changes": {"title": [None, HARD]},
    },
    "decisions": _said("d", commune_istat=RHO.istat, call_id=CALL, kind="not_for_us", reason="no_staff", note=HARD),
    "picks": _said("pi", commune_istat=RHO.istat, call_id=CALL, why=HARD, need_id="n"),
    "reminders": _said("rem", commune_istat=RHO.istat, call_id=CALL),
    "interests": _said(
        "int",
        commune_istat=RHO.istat,
        call_id=CALL,
        shown_to="chosen",
        chosen=["015146"],
        shares_contact=True,
        contact=HARD,
    ),
    "events": {
        "id": "ev",
        "title": HARD,
        "text": HARD,
        "starts_at": AT,
        "ends_at": None,
        "place": "",
        "online_url": "https://example.org/x",
        "organiser": HARD,
        "drivers": ["driver:7"],
        "themes": ["è"],
        "communes": [RHO.istat],
        "zones": ["zone:nord-ovest"],
        "seats": 1,
        "registration_until": AT,
        "created_at": AT,
        "created_by": None,
        "updated_at": LATER,
        "cancelled_at": LATER,
        "version": 2,
        "attendance": {"places": 1, "waiting": 0, "attended": 1, "communes": 1},
    },
    "event_registrations": _said(
        "er", event_id="ev", commune_istat=RHO.istat, standing="place", moved_up_at=AT, attended=False
    ),
    "criterion_reviews": _said("r", call_id=CALL, rule_key="k", action="confirmed", rule=None, note=""),
    "merges": _said("m", kind="calls", kept_id="x", merged_id="y", active_key=None, withdrawn_at=LATER),
    "distinctions": _said("d", kind="calls", record_id="x", other_ids=["y", "z"]),
    "reader_messages": {
        "id": "rm",
        "at": AT,
        "kind": "wrong_data",
        "text": HARD,
        "page": "/bandi/x",
        "email": "capo@rho.example",
        "language": "it",
        "account_id": ACCOUNT,
        "done_at": LATER,
        "done_by": ACCOUNT,
    },
    "tag_overrides": _said("t", kind="needs", record_id="n", scheme="driver", code="7", holds=False),
    "work_items": {
        "id": "w",
        "commune_istat": RHO.istat,
        "call_id": CALL,
        "owner_id": ACCOUNT,
        "state": "to_call",
        "remind_on": date(2026, 12, 31),
        "created_at": AT,
        "updated_at": AT,
        "version": 1,
    },
    "work_notes": {"id": "wn", "work_item_id": "w", "account_id": ACCOUNT, "text": HARD, "at": AT},
    "service_requests": {
        "id": "sr",
        "service": "finanziamenti",
        "commune_istat": RHO.istat,
        "call_id": CALL,
        "text": HARD,
        "account_id": ACCOUNT,
        "owner_id": ACCOUNT,
        "state": "waiting",
        "asked_at": AT,
        "due_on": date(2026, 3, 10),
        "promised_on": date(2026, 3, 10),
        "waiting_since": AT,
        "updated_at": AT,
        "version": 2,
        "need_id": "n",
    },
    "service_request_entries": {
        "id": "sre",
        "request_id": "sr",
        "account_id": ACCOUNT,
        "kind": "message",
        "text": HARD,
        "minutes": 45,
        "at": AT,
    },
    "audit_events": {
        "id": 12,
        "at": AT,
        "account_id": ACCOUNT,
        "action": "need.read",
        "object_kind": "need",
        "object_id": "n",
        "request_id": "q",
        "details": {"fields": ["title"], "deep": {"none": None, "number": 0.1}},
    },
    "answers": {
        "id": "an",
        "at": AT,
        "account_id": ACCOUNT,
        "surface": "api",
        "request_id": "q",
        "item_kind": "",
        "item_id": "",
        "artifact_version": "",
        "data_version": "",
        "asked": HARD,
        "answered": "{}",
    },
    "jobs": {
        "id": "jo",
        "kind": "match",
        "account_id": ACCOUNT,
        "commune_istat": RHO.istat,
        "state": "done",
        "file_name": HARD,
        "done": 1,
        "total": 2,
        "attempt": 1,
        "params": {"k": 5},
        "report": {"è": HARD},
        "created_at": AT,
        "finished_at": LATER,
    },
    "job_lines": {"job_id": "jo", "line": 2, "asked": {"title": HARD}, "answer_id": "an"},
    "answer_calls": {
        "answer_id": "an",
        "rank": 1,
        "call_id": CALL,
        "call_version": 1,
        "score": 0.1 + 0.2,
        "verdict": "",
    },
    "digest_subscriptions": {
        "id": "ds",
        "account_id": ACCOUNT,
        "audience": "commune",
        "language": "it",
        "quiet": "say_so",
        "muted": ["è"],
        "state": "active",
        "token": "x",
        "created_at": AT,
        "confirmed_at": LATER,
        "version": 2,
    },
    "digest_follows": {"subscription_id": "ds", "kind": "commune", "record_id": RHO.istat},
    "digest_runs": {"id": "dr", "week": "2026-W10", "started_at": AT, "alive_until": LATER, "counts": {"sent": 1}},
    "digest_issues": {
        "id": "di",
        "subscription_id": "ds",
        "week": "2026-W10",
        "state": "sent",
        "message_id": "<di@remix.example>",
        "run_id": "dr",
        "attempts": 1,
        "next_attempt_at": AT,
        "planned_at": AT,
        "told_at": LATER,
        "reply": HARD,
        "message": "",
    },
    "digest_ledger": {
        "subscription_id": "ds",
        "week": "2026-W10",
        "call_id": CALL,
        "call_version": 2,
        "reason": "changed",
        "issue_id": "di",
    },
    "record_tags": {
        "kind": "need",
        "record_id": "n",
        "scheme": "driver",
        "code": "7",
        "confidence": 0.1 + 0.2,
        "by_hand": True,
        "tagger": "t",
        "evidence": HARD,
    },
    "tagged_records": {"kind": "need", "record_id": "n", "basis": "b"},
    "mail_suppressions": {"address_hash": "h", "reason": "bounced", "since": AT, "reply": HARD, "told_at": LATER},
}
"""A row of every table; a new table fails the test that asks for all of them until it is here."""


def fill(engine: Engine) -> None:
    """Write a row into every table; in JSON both SQL's NULL and JSON's null."""
    with write_transaction(engine) as connection:
        for table in METADATA.sorted_tables:
            connection.execute(insert(table).values(**ROWS[table.name]))
        connection.execute(insert(METADATA.tables["criterion_reviews"]).values(**_review_without_rule()))
        connection.execute(text("UPDATE criterion_reviews SET rule = NULL WHERE id = 'sql-null'"))


def _review_without_rule() -> dict[str, object]:
    return ROWS["criterion_reviews"] | {"id": "sql-null", "active_key": "sql-null"}


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table as the database gives it, by primary key."""
    with reading(engine) as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


def is_untouched(settings: Settings) -> bool:
    """Whether a database has no table of ours at all."""
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        tables = tables_of(connection)
    engine.dispose()
    return not tables


def copy_file(folder: Path) -> Path:
    """Where a copy goes."""
    return folder / "copia.tar.gz"
