"""The one table of who may call which route; a route that is not in it is refused.

    (method, path) ──► Rule(roles, scope, own)

``own``: the route touches what belongs to one commune; an account of another commune gets 404, as if it did not exist.
The functions behind such a route ask ``Principal.keeps``; the test of the access matrix tries every one of them.
"""

from collections.abc import Mapping

from service.access.pages import PAGES
from service.access.rules import (
    ACCOUNTS,
    ADMINISTRATORS,
    AUDIT_READ,
    CATALOGUE_READ,
    EVERYBODY,
    ITEMS_READ,
    ITEMS_WRITE,
    KEEPERS,
    OPERATION_READ,
    PUBLIC,
    RECOMMEND,
    REVIEW,
    SCOPES,
    STAFF,
    WORK_READ,
    WORK_WRITE,
    Roles,
    Rule,
)

__all__ = ["POLICY", "PUBLIC", "SCOPES", "Rule"]


def _items(kind: str, readers: Roles) -> dict[tuple[str, str], Rule]:
    """Return the rules of one kind of item that communes keep."""
    path, item = f"/api/v1/{kind}", f"/api/v1/{kind}/{{item_id}}"
    return {
        ("GET", path): Rule(readers, ITEMS_READ, own=True),
        ("POST", path): Rule(KEEPERS, ITEMS_WRITE, own=True),
        ("GET", item): Rule(readers, ITEMS_READ, own=True),
        ("PATCH", item): Rule(KEEPERS, ITEMS_WRITE, own=True),
        ("DELETE", item): Rule(KEEPERS, ITEMS_WRITE, own=True),
        ("GET", f"{item}/versions"): Rule(KEEPERS, ITEMS_READ, own=True),
        ("POST", f"{item}/reversals"): Rule(KEEPERS, ITEMS_WRITE, own=True),
        ("POST", f"{item}/restorations"): Rule(KEEPERS, ITEMS_WRITE, own=True),
    }


def _sayings(
    path: str, row: str, readers: Roles, writers: Roles, scope: str, *, own: bool = False
) -> dict[tuple[str, str], Rule]:
    """Return the rules of what people say and take back; ``scope`` is that of a key that writes."""
    one, reading = f"{path}/{{{row}}}", Rule(readers, WORK_READ, own=own)
    writing = Rule(writers, scope, own=own)
    return {
        ("GET", path): reading,
        ("POST", path): writing,
        ("GET", one): reading,
        ("DELETE", one): writing,
        ("POST", f"{one}/restorations"): writing,
    }


POLICY: Mapping[tuple[str, str], Rule] = {
    ("GET", "/status"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/readiness"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/openapi.json"): Rule(EVERYBODY, CATALOGUE_READ),
    ("POST", "/api/v1/sessions"): Rule(EVERYBODY),
    ("GET", "/api/v1/sessions/current"): Rule(EVERYBODY),
    ("DELETE", "/api/v1/sessions/current"): Rule(EVERYBODY),
    # For somebody who has given the password and not yet the second factor; the functions ask for that session.
    ("POST", "/api/v1/sessions/current/second-factor"): Rule(EVERYBODY),
    ("POST", "/api/v1/account/second-factor"): Rule(EVERYBODY),
    ("POST", "/api/v1/account/second-factor/confirmations"): Rule(EVERYBODY),
    ("POST", "/api/v1/account/second-factor/removals"): Rule(ACCOUNTS - STAFF),
    ("POST", "/api/v1/account/recovery-codes"): Rule(ACCOUNTS),
    ("POST", "/api/v1/accepted-invitations"): Rule(EVERYBODY),
    ("POST", "/api/v1/password-resets"): Rule(EVERYBODY),
    ("POST", "/api/v1/completed-password-resets"): Rule(EVERYBODY),
    ("GET", "/log-in/provider"): Rule(EVERYBODY),
    ("GET", "/log-in/provider/return"): Rule(EVERYBODY),
    ("GET", "/api/v1/account"): Rule(ACCOUNTS),
    ("PATCH", "/api/v1/account"): Rule(ACCOUNTS),
    ("GET", "/api/v1/account/weekly-email"): Rule(ACCOUNTS),
    ("PUT", "/api/v1/account/weekly-email"): Rule(ACCOUNTS),
    ("DELETE", "/api/v1/account/weekly-email"): Rule(ACCOUNTS),
    ("POST", "/api/v1/account/password"): Rule(ACCOUNTS),
    ("GET", "/api/v1/account/sessions"): Rule(ACCOUNTS),
    ("DELETE", "/api/v1/account/sessions"): Rule(ACCOUNTS),
    ("DELETE", "/api/v1/account/sessions/{session_id}"): Rule(ACCOUNTS),
    ("GET", "/api/v1/account/api-keys"): Rule(ACCOUNTS),
    ("POST", "/api/v1/account/api-keys"): Rule(ACCOUNTS),
    ("DELETE", "/api/v1/account/api-keys/{api_key_id}"): Rule(ACCOUNTS),
    ("GET", "/api/v1/accounts"): Rule(ADMINISTRATORS),
    ("POST", "/api/v1/accounts"): Rule(ADMINISTRATORS),
    ("GET", "/api/v1/accounts/{account_id}"): Rule(ADMINISTRATORS),
    ("PATCH", "/api/v1/accounts/{account_id}"): Rule(ADMINISTRATORS),
    ("POST", "/api/v1/accounts/{account_id}/links"): Rule(ADMINISTRATORS),
    ("DELETE", "/api/v1/accounts/{account_id}/second-factor"): Rule(ADMINISTRATORS),
    ("POST", "/api/v1/recommendations"): Rule(EVERYBODY, RECOMMEND),
    ("GET", "/api/v1/calls"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/call-facets"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/calls/{call_id}"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/calls/{call_id}/communes"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/calls/{call_id}/communes/{istat}"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/calls/{call_id}/tags"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/sources"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/frame-coverage"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/imports"): Rule(STAFF, OPERATION_READ),
    ("GET", "/api/v1/quarantine"): Rule(STAFF, OPERATION_READ),
    ("GET", "/api/v1/answers"): Rule(ACCOUNTS, RECOMMEND, own=True),
    ("GET", "/api/v1/answers/{answer_id}"): Rule(ACCOUNTS, RECOMMEND, own=True),
    ("GET", "/api/v1/answers/{answer_id}/repetition"): Rule(ACCOUNTS, RECOMMEND, own=True),
    ("GET", "/api/v1/jobs"): Rule(KEEPERS, RECOMMEND, own=True),
    ("POST", "/api/v1/jobs"): Rule(KEEPERS, RECOMMEND),
    ("GET", "/api/v1/jobs/{job_id}"): Rule(KEEPERS, RECOMMEND, own=True),
    ("GET", "/api/v1/jobs/{job_id}/lines"): Rule(KEEPERS, RECOMMEND, own=True),
    ("POST", "/api/v1/jobs/{job_id}/stops"): Rule(KEEPERS, RECOMMEND, own=True),
    ("GET", "/api/v1/audit-events"): Rule(ADMINISTRATORS, AUDIT_READ),
    **_items("needs", KEEPERS),
    **_items("projects", EVERYBODY),
    **_items("assets", EVERYBODY),
    ("GET", "/api/v1/asset-register"): Rule(EVERYBODY, ITEMS_READ),
    ("GET", "/api/v1/asset-export"): Rule(EVERYBODY, ITEMS_READ),
    ("GET", "/api/v1/assets/{item_id}/needs"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/assets/{item_id}/calls"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/assets/{item_id}/reuses"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/assets/{item_id}/partners"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/assets/{item_id}/path"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/needs/{item_id}/assets"): Rule(KEEPERS, ITEMS_READ, own=True),
    ("GET", "/api/v1/map-areas"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/communes"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/communes/{istat}"): Rule(EVERYBODY, CATALOGUE_READ),
    ("PATCH", "/api/v1/communes/{istat}"): Rule(KEEPERS, ITEMS_WRITE, own=True),
    ("POST", "/api/v1/communes/{istat}/reversals"): Rule(KEEPERS, ITEMS_WRITE, own=True),
    ("GET", "/api/v1/communes/{istat}/versions"): Rule(KEEPERS, ITEMS_READ),
    ("POST", "/api/v1/partners"): Rule(EVERYBODY, RECOMMEND),
    ("GET", "/api/v1/calls/{call_id}/consortium-rules"): Rule(EVERYBODY, CATALOGUE_READ),
    ("POST", "/api/v1/consortium-verdicts"): Rule(EVERYBODY, RECOMMEND),
    ("POST", "/api/v1/consortium-proposals"): Rule(EVERYBODY, RECOMMEND),
    **_sayings("/api/v1/interests", "interest_id", KEEPERS, KEEPERS, WORK_WRITE, own=True),
    **_sayings("/api/v1/observations", "observation_id", EVERYBODY, KEEPERS, WORK_WRITE, own=True),
    ("GET", "/api/v1/register-export"): Rule(EVERYBODY, ITEMS_READ),
    **_sayings("/api/v1/decisions", "decision_id", KEEPERS, KEEPERS, WORK_WRITE, own=True),
    ("GET", "/api/v1/feedback"): Rule(STAFF, WORK_READ),
    **_sayings("/api/v1/picks", "pick_id", KEEPERS, STAFF, WORK_WRITE, own=True),
    ("GET", "/api/v1/calls/{call_id}/criteria"): Rule(EVERYBODY, CATALOGUE_READ),
    **_sayings("/api/v1/criterion-reviews", "review_id", STAFF, STAFF, REVIEW),
    ("GET", "/api/v1/stale-criterion-reviews"): Rule(STAFF, WORK_READ),
    **_sayings("/api/v1/merges", "merge_id", STAFF, STAFF, REVIEW),
    ("GET", "/api/v1/register-projects"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/register-projects/{record_id:path}"): Rule(EVERYBODY, ITEMS_READ, own=True),
    ("GET", "/api/v1/programmes"): Rule(EVERYBODY, CATALOGUE_READ),
    ("GET", "/api/v1/programmes/{programme_id}"): Rule(EVERYBODY, CATALOGUE_READ),
    **_sayings("/api/v1/programme-placements", "placement_id", STAFF, STAFF, REVIEW),
    **_sayings("/api/v1/project-pairs", "pair_id", STAFF, STAFF, REVIEW),
    **_sayings("/api/v1/distinctions", "distinction_id", STAFF, STAFF, REVIEW),
    ("GET", "/api/v1/duplicates"): Rule(STAFF, WORK_READ),
    **_sayings("/api/v1/project-merges", "merge_id", STAFF, STAFF, REVIEW),
    ("GET", "/api/v1/project-twins"): Rule(STAFF, WORK_READ),
    ("GET", "/api/v1/events"): Rule(EVERYBODY, CATALOGUE_READ),
    ("POST", "/api/v1/events"): Rule(STAFF, WORK_WRITE),
    ("GET", "/api/v1/events/{event_id}"): Rule(EVERYBODY, CATALOGUE_READ),
    ("PATCH", "/api/v1/events/{event_id}"): Rule(STAFF, WORK_WRITE),
    ("DELETE", "/api/v1/events/{event_id}"): Rule(STAFF, WORK_WRITE),
    ("POST", "/api/v1/events/{event_id}/restorations"): Rule(STAFF, WORK_WRITE),
    ("POST", "/api/v1/events/{event_id}/reversals"): Rule(STAFF, WORK_WRITE),
    ("GET", "/api/v1/events/{event_id}/registrations"): Rule(KEEPERS, WORK_READ),
    ("POST", "/api/v1/events/{event_id}/registrations"): Rule(KEEPERS - STAFF, WORK_WRITE),
    ("GET", "/api/v1/event-registrations/{registration_id}"): Rule(KEEPERS, WORK_READ, own=True),
    ("DELETE", "/api/v1/event-registrations/{registration_id}"): Rule(KEEPERS, WORK_WRITE, own=True),
    ("PUT", "/api/v1/event-registrations/{registration_id}/attendance"): Rule(STAFF, WORK_WRITE),
    **_sayings("/api/v1/tag-overrides", "override_id", KEEPERS, KEEPERS, REVIEW, own=True),
    ("GET", "/api/v1/work-items"): Rule(STAFF, WORK_READ),
    ("POST", "/api/v1/work-items"): Rule(STAFF, WORK_WRITE),
    ("GET", "/api/v1/work-items/{work_item_id}"): Rule(STAFF, WORK_READ),
    ("PATCH", "/api/v1/work-items/{work_item_id}"): Rule(STAFF, WORK_WRITE),
    ("DELETE", "/api/v1/work-items/{work_item_id}"): Rule(STAFF, WORK_WRITE),
    ("POST", "/api/v1/work-items/{work_item_id}/reversals"): Rule(STAFF, WORK_WRITE),
    ("GET", "/api/v1/work-items/{work_item_id}/notes"): Rule(STAFF, WORK_READ),
    ("POST", "/api/v1/work-items/{work_item_id}/notes"): Rule(STAFF, WORK_WRITE),
    ("GET", "/api/v1/service-requests"): Rule(KEEPERS, WORK_READ, own=True),
    ("POST", "/api/v1/service-requests"): Rule(KEEPERS, WORK_WRITE, own=True),
    ("GET", "/api/v1/service-requests/{service_request_id}"): Rule(KEEPERS, WORK_READ, own=True),
    ("PATCH", "/api/v1/service-requests/{service_request_id}"): Rule(KEEPERS, WORK_WRITE, own=True),
    ("POST", "/api/v1/service-requests/{service_request_id}/reversals"): Rule(KEEPERS, WORK_WRITE, own=True),
    ("GET", "/api/v1/service-requests/{service_request_id}/entries"): Rule(KEEPERS, WORK_READ, own=True),
    ("POST", "/api/v1/service-requests/{service_request_id}/entries"): Rule(KEEPERS, WORK_WRITE, own=True),
    **PAGES,
}
"""Every route of the service. Add the rule in the same change that adds the route."""
