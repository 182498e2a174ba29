"""The words of the API's description that belong to no route."""

from service.access.identification import SECURE_COOKIE
from service.web.guard import CSRF_HEADER

TITLE = "Remix"
API_ID = "0d1c7f6e-2a53-4a1b-9d0e-6b7f5c0a9e42"
SUMMARY = "Funding calls for communes: recommended with reasons, browsed, saved and followed."
CONTACT = "Incubatore Remix"
SERVER = "This installation."
IDEMPOTENCY = (
    "A key of your own choice for this one request: sent again within 24 hours with the same key, the request is not "
    "done again and the first answer is repeated (`Idempotency-Replayed: true`). For accounts."
)
DESCRIPTION = """\
Matches what communes need, plan or own with funding calls: who may apply, why a call fits, until when.

- **Who asks.** A browser has a session's cookie and sends the session's token in `CSRF-Token` with every change; a \
program has an API key (`Authorization: Bearer rmx_…`). What is public needs neither.
- **Errors** are `application/problem+json` (RFC 9457), whatever went wrong; `instance` is the id of the request.
- **Lists** come in pages: `items`, and `next_cursor` to be sent as `cursor` for the next one.
- **Edits** say which version they change: `If-Match` with the `ETag` that was read. If somebody else was faster, the \
answer is 412 with the difference, and nothing is lost.
- **Repeats.** A POST with an `Idempotency-Key` is done once, however often it arrives.
- **How often.** `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) come with every answer; after 429 wait for \
`Retry-After`.
"""
TAGS = {
    "status": "Whether the service is up and can answer, and this description.",
    "recommendations": "Calls for a text, a need, a project, an asset or a whole commune, with reasons.",
    "calls": "The catalogue of calls: browse, search, read with criteria, history and similar calls.",
    "communes": "The communes and the facts about them that eligibility depends on.",
    "frame": "What lies where in the matrix of drivers, missions and zones.",
    "needs": "What a place lacks, as its commune keeps it.",
    "projects": "Ideas and running projects.",
    "assets": "Public buildings and areas that are unused.",
    "register": "All projects with their places, programmes, pairs, what is said of them over time, and as a file.",
    "decisions": "What communes decide about calls: saved, not for us, applied, outcome.",
    "picks": "Calls that the incubator recommends by hand, above the ranking.",
    "map": "Communes with their outlines and what is counted in each, as GeoJSON.",
    "partners": "Bodies that complement a project, partnerships for a call, and interest shown by consent.",
    "events": "Events for municipal technicians, to whom they matter, and who attends.",
    "worklist": "Which calls the incubator follows for which commune.",
    "service requests": "Services that communes ask of the incubator, with their terms, answers and hours.",
    "criteria": "What a call asks of applicants, as read from it, and confirmed or corrected by people.",
    "duplicates": "Calls and records that seem to be one, and those that people said are.",
    "tags": "Themes, drivers and missions set or removed by people.",
    "jobs": "Long work: many projects matched at once, seen while it goes on, stopped, read when it is done.",
    "sources": "Where the calls come from, how fresh they are, and what could not be read.",
    "audit": "Who saw or changed what, and why something was recommended.",
    "accounts": "Accounts, sessions, second factors and API keys.",
}
STATUS = {
    "304": "Not changed since the version named in `If-None-Match`.",
    "400": "The request cannot be understood.",
    "401": "Nobody known asks, where somebody known is needed.",
    "403": "Who asks is known and may not do this.",
    "404": "It is not there, or not for you.",
    "409": "It contradicts what is already there.",
    "412": "Somebody else changed it meanwhile; `difference` says what.",
    "413": "The body is too large.",
    "422": "A field cannot be accepted; `errors` says which and why.",
    "428": "The edit does not say which version it changes: send `If-Match`.",
    "429": "Asked too often; wait for `Retry-After`.",
    "500": "An error of ours; it is in the log under the request's id.",
    "503": "Not able to answer at the moment; try again after `Retry-After`.",
}
NUMBER_HEADERS = {
    "RateLimit-Limit": "How many requests the window allows.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until the window begins anew.",
    "Retry-After": "Seconds to wait before trying again.",
}
TEXT_HEADERS = {
    "Request-Id": "The id of the request, as in the log.",
    "ETag": "The version of what was answered.",
    "Location": "Where what was made can be read.",
}
HEADERS_OF = {
    "200": ("ETag",),
    "201": ("Location",),
    "304": ("ETag",),
    "412": ("ETag",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
SECURITY_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SECURE_COOKIE,
        "description": "The cookie of a session, from `POST /api/v1/sessions`.",
    },
    "csrf_token": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "The session's token, needed with the cookie for whatever changes something.",
    },
    "api_key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `rmx_…`; the scope that it must hold is named with each operation (`x-scope`).",
    },
}
