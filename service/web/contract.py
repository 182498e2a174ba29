"""The OpenAPI description of the service, brought to the national REST guidelines.

routes ──► FastAPI's description ──► errors as problems, security from the policy, formats, limits of rate, examples
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.access.policy import POLICY, Rule
from service.accounts.tables import Role
from service.settings import Settings, load_settings
from service.web import contract_words as words
from service.web.idempotency import HEADER as IDEMPOTENCY_KEY
from service.web.problems import MEDIA_TYPE, Problem

Json = dict[str, Any]
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
MERGE_PATCH = "application/merge-patch+json"
INT32 = 2**31 - 1
_CONVERTER = re.compile(r":\w+}")
_SCHEMA = "#/components/schemas/{model}"
_RATE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def contract_text() -> str:
    """Return the description of an installation with default settings, as JSON with a line break at its end."""
    from service.web.app import create_app

    settings = load_settings(mode="development", public_url="http://localhost:8000")
    return _as_text(describe(create_app(settings), settings))


def _as_text(description: Json) -> str:
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def attach_contract(app: FastAPI, settings: Settings) -> None:
    """Give an application its description as JSON, made when somebody first asks for it."""
    app.state.contract = cache(lambda: _as_text(describe(app, settings)))


def describe(app: FastAPI, settings: Settings) -> Json:
    """Return the description of an application that people reach at the address of these settings."""
    address = settings.public_url
    found: Json = get_openapi(
        title=words.TITLE,
        version=app.version,
        summary=words.SUMMARY,
        description=words.DESCRIPTION,
        terms_of_service=f"{address}/note-legali",
        contact={"name": words.CONTACT, "url": address},
        license_info={"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        routes=app.routes,
        servers=[{"url": address, "description": words.SERVER} | _sandbox(address)],
    )
    found["info"] |= {"x-summary": words.SUMMARY, "x-api-id": words.API_ID}
    _complete_components(found.setdefault("components", {}))
    rules = {(method, _CONVERTER.sub("}", path)): rule for (method, path), rule in POLICY.items()}
    for path, method, operation in operations(found):
        _complete(path, method, operation, rules[method.upper(), path])
    used = {tag for _, _, operation in operations(found) for tag in operation["tags"]}
    found["tags"] = [{"name": name, "description": words.TAGS[name]} for name in words.TAGS if name in used]
    for schema in schemas(found):
        _give_format(schema)
    return found


def operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield path, method in small letters, and operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def schemas(node: Any) -> Iterator[Json]:
    """Yield every schema within a description, at whatever depth."""
    if isinstance(node, dict):
        # An example may hold a field named "type"; it is no schema.
        if isinstance(node.get("type"), str | list) or "anyOf" in node:
            yield node
        for name, inner in node.items():
            if name not in ("example", "examples", "default", "const", "enum"):
                yield from schemas(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from schemas(inner)


def _sandbox(address: str) -> Json:
    return {} if address.startswith("https://") else {"x-sandbox": True}


def _complete_components(components: Json) -> None:
    found = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=_SCHEMA, mode="serialization")
    # What has a default is always sent, too.
    problem["required"] = ["type", "title", "status", "detail", "instance", "errors"]
    found |= problem.pop("$defs", {}) | {"Problem": problem}
    for replaced in ("HTTPValidationError", "ValidationError"):
        found.pop(replaced, None)
    components["headers"] = {
        name: {"description": text, "schema": {"type": "integer", "minimum": 0, "maximum": INT32}}
        for name, text in words.NUMBER_HEADERS.items()
    } | {
        name: {"description": text, "schema": {"type": "string", "maxLength": 500}}
        for name, text in words.TEXT_HEADERS.items()
    }
    components["responses"] = {status: _shared_response(status, text) for status, text in words.STATUS.items()}
    components["securitySchemes"] = words.SECURITY_SCHEMES


def _complete(path: str, method: str, operation: Json, rule: Rule) -> None:
    operation["security"] = _security(method, rule)
    if rule.scope:
        operation["x-scope"] = rule.scope
    _complete_request(method, operation)
    responses = operation["responses"]
    for status, response in responses.items():
        response["headers"] = _headers(status)
    for status in _shared(path, method, operation):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = dict(sorted(responses.items()))


def _headers(status: str) -> Json:
    names = [*(_RATE if status[0] in "24" else ()), *words.HEADERS_OF.get(status, ()), "Request-Id"]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _security(method: str, rule: Rule) -> list[Json]:
    """Return the ways to be known, any of which does: nobody, a session, an API key (its scope is in ``x-scope``)."""
    session: Json = {"session": []} if method == "get" else {"session": [], "csrf_token": []}
    nobody: list[Json] = [{}] if Role.PUBLIC in rule.roles else []
    key: list[Json] = [{"api_key": []}] if rule.scope else []
    return [*nobody, session, *key]


def _complete_request(method: str, operation: Json) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "If-Match":
            # Not required by FastAPI, so that one that is missing is answered 428.
            parameter |= {"required": True, "example": '"3"'}
            parameter["schema"] = {"type": "string", "pattern": '^"[0-9]{1,9}"$', "maxLength": 11}
    content = operation.get("requestBody", {}).get("content", {})
    if method == "patch" and "application/json" in content:
        content[MERGE_PATCH] = content.pop("application/json")
    if method == "post":
        operation.setdefault("parameters", []).append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "required": False,
                "description": words.IDEMPOTENCY,
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
                "example": "5f0c4f0e-6f0b-4f57-9a53-3f6f9f4f2d11",
            }
        )


def _shared(path: str, method: str, operation: Json) -> list[str]:
    """Return the statuses that an operation answers with in the same way as others do."""
    named = {parameter["name"] for parameter in operation.get("parameters", ())}
    in_api = path.startswith("/api/")
    return [
        *("400", "401", "403", "422", "429", "500", "503"),
        *(["304"] if in_api and method == "get" else []),
        *(["404"] if in_api else []),
        *(["409", "413"] if method != "get" else []),
        *(["412", "428"] if "If-Match" in named else []),
    ]


def _shared_response(status: str, text: str) -> Json:
    response: Json = {"description": text, "headers": _headers(status)}
    if status[0] in "45":
        response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _SCHEMA.format(model="Problem")}}}
    return response


def _give_format(schema: Json) -> None:
    """Say how large a number may get, as generators of clients need to know."""
    kinds = schema.get("type")
    if kinds == "integer" and "format" not in schema:
        largest = schema.get("maximum", schema.get("exclusiveMaximum"))
        schema["format"] = "int32" if largest is not None and largest <= INT32 else "int64"
    if kinds == "number" and "format" not in schema:
        schema["format"] = "double"
    for one, other in permutations(schema.get("anyOf", ()), 2):
        # What is a number or its text is an exact amount of money or share; the text is what is answered.
        if one.get("type") == "number" and other == {"type": "string"}:
            other |= {"pattern": r"^-?\d{1,15}(\.\d{1,6})?$", "maxLength": 23}
