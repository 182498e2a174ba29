"""The API's description keeps to the national REST guidelines, and the committed one is the true one.

The rules are those that a public body's API is checked by before it may enter the national catalogue; each test is one.
"""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.access.policy import POLICY
from service.cli import app as command_line
from service.settings import Settings
from service.web import contract_words as words
from service.web.app import create_app
from service.web.contract import contract_text, describe, operations, schemas
from tests.service.web.clients import visitor

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "api" / "openapi.json"
CONTRACT = json.loads(contract_text())
OPERATIONS = [(f"{method.upper()} {path}", operation) for path, method, operation in operations(CONTRACT)]
SCHEMAS = list(schemas(CONTRACT))
VERBS = ("get", "post", "put", "patch", "delete")
FORMATS = {"integer": {"int32", "int64"}, "number": {"float", "double", "decimal32", "decimal64", "decimal128"}}


def failing(holds) -> list[str]:
    """The operations for which a rule does not hold."""
    return [name for name, operation in OPERATIONS if not holds(name, operation)]


def responses(operation, first):
    """The answers of an operation whose status begins with one of these digits."""
    shared = CONTRACT["components"]["responses"]
    return {
        status: shared[status] if "$ref" in answer else answer
        for status, answer in operation["responses"].items()
        if status[0] in first
    }


def parameters(operation):
    return operation.get("parameters", [])


def test_the_committed_description_is_that_of_the_program():
    assert COMMITTED.read_text(encoding="utf-8") == contract_text(), "run `remix openapi > docs/api/openapi.json`"


def test_the_command_prints_it():
    shown = CliRunner().invoke(command_line, ["openapi"])
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["info"]["title"] == "Remix"


def test_the_service_hands_it_out(app):
    assert visitor(app).get("/openapi.json").json()["paths"] == CONTRACT["paths"]


def test_the_api_says_who_it_is():
    info = CONTRACT["info"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["summary"] == info["x-summary"]
    assert info["contact"].keys() >= {"name", "url"}
    assert re.fullmatch(r"[0-9a-f-]{36}", info["x-api-id"])
    for name in ("description", "termsOfService", "license"):
        assert info[name]


def test_every_server_is_described_and_is_over_https_or_a_sandbox():
    for server in CONTRACT["servers"]:
        assert server["description"]
        assert server["url"].startswith("https://") or server["x-sandbox"]


def test_a_server_over_https_is_no_sandbox():
    settings = Settings(public_url="https://remix.example")
    servers = describe(create_app(settings), settings)["servers"]
    assert servers == [{"url": "https://remix.example", "description": words.SERVER}]


def test_every_tag_that_is_used_is_described_and_no_other():
    used = {tag for _, operation in OPERATIONS for tag in operation["tags"]}
    assert used == {tag["name"] for tag in CONTRACT["tags"]}
    assert all(tag["description"] for tag in CONTRACT["tags"])


def test_every_operation_says_what_it_does():
    assert failing(lambda _, operation: operation["summary"] and operation["description"] and operation["tags"]) == []


def test_operations_are_named_once_and_not_after_their_method():
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert [name for name in names if name.startswith(VERBS)] == []


def test_paths_are_in_kebab_case_without_verbs_and_without_a_slash_at_the_end():
    part = re.compile(r"\{[a-z_]+\}|[a-z0-9]+(-[a-z0-9]+)*|openapi\.json")
    for path in CONTRACT["paths"]:
        assert all(part.fullmatch(one) for one in path.strip("/").split("/")), path
        assert not path.endswith("/")
        assert not any(one.startswith(tuple(f"{verb}-" for verb in VERBS)) for one in path.split("/"))


def test_there_is_a_status_that_answers_json_or_a_problem_with_a_time_to_come_back():
    answers = responses(CONTRACT["paths"]["/status"]["get"], "25")
    assert "application/json" in answers["200"]["content"]
    assert "application/problem+json" in answers["503"]["content"]
    assert "Retry-After" in answers["503"]["headers"]


def test_every_failure_is_a_problem_and_nothing_else():
    def holds(_, operation):
        failures = responses(operation, "45")
        return failures and all(
            answer["content"].keys() == {"application/problem+json"} for answer in failures.values()
        )

    assert failing(holds) == []


def test_a_problem_has_the_fields_of_the_standard():
    problem = CONTRACT["components"]["schemas"]["Problem"]
    assert problem["properties"].keys() >= {"type", "title", "status", "detail", "instance"}


def test_every_operation_says_that_it_may_be_refused_for_its_rate_and_how_much_is_left():
    rate = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}

    def holds(_, operation):
        told = all(answer["headers"].keys() >= rate for answer in responses(operation, "24").values())
        return told and "Retry-After" in responses(operation, "4")["429"]["headers"]

    assert failing(holds) == []


def test_security_is_declared_everywhere_and_is_that_of_the_policy():
    def holds(name, operation):
        method, path = name.split(" ")
        rule = next(rule for (m, p), rule in POLICY.items() if m == method and re.sub(r":\w+}", "}", p) == path)
        said = operation["security"]
        if ({"api_key": []} in said) != bool(rule.scope):
            return False
        return ({} in said) == ("public" in rule.roles) and operation.get("x-scope", "") == rule.scope

    assert failing(holds) == []
    schemes = CONTRACT["components"]["securitySchemes"]
    used = {name for _, operation in OPERATIONS for way in operation["security"] for name in way}
    assert used == schemes.keys()


def test_whatever_changes_something_needs_the_sessions_token():
    def holds(name, operation):
        ways = [way for way in operation["security"] if "session" in way]
        return all(("csrf_token" in way) == (not name.startswith("GET")) for way in ways)

    assert failing(holds) == []


def test_no_operation_takes_headers_that_belong_to_the_protocol():
    forbidden = {"authorization", "accept", "content-type"}

    def holds(_, operation):
        return not any(one["in"] == "header" and one["name"].lower() in forbidden for one in parameters(operation))

    assert failing(holds) == []


def test_headers_are_in_train_case_and_none_begins_with_x():
    names = {*CONTRACT["components"]["headers"]}
    names |= {one["name"] for _, operation in OPERATIONS for one in parameters(operation) if one["in"] == "header"}
    assert [name for name in names if not re.fullmatch(r"(?!X-)[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)*", name)] == []


def test_reading_and_deleting_have_no_body_and_no_content_has_none():
    def holds(name, operation):
        empty = operation["responses"].get("204", {})
        return "content" not in empty and not (name.startswith(("GET", "DELETE")) and "requestBody" in operation)

    assert failing(holds) == []


def test_a_patch_is_a_merge_patch_and_says_which_version_it_changes():
    def holds(name, operation):
        if not name.startswith("PATCH"):
            return True
        named = {one["name"] for one in parameters(operation)}
        bodies = operation["requestBody"]["content"].keys()
        return bodies == {"application/merge-patch+json"} and "If-Match" in named

    assert failing(holds) == []


def test_every_post_may_be_made_once_by_a_key():
    def holds(name, operation):
        return not name.startswith("POST") or "Idempotency-Key" in {one["name"] for one in parameters(operation)}

    assert failing(holds) == []


def test_no_answer_is_a_bare_list():
    def holds(_, operation):
        bodies = [answer.get("content", {}) for answer in responses(operation, "2").values()]
        return all(body.get("schema", {}).get("type") != "array" for one in bodies for body in one.values())

    assert failing(holds) == []


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_every_number_says_its_format_and_how_large_it_may_get(kind):
    for schema in SCHEMAS:
        if schema.get("type") == kind and "const" not in schema and "enum" not in schema:
            assert schema["format"] in FORMATS[kind], schema
            assert {"minimum", "exclusiveMinimum"} & schema.keys(), schema
            assert {"maximum", "exclusiveMaximum"} & schema.keys(), schema


def test_every_text_says_how_long_it_may_get():
    limited = {"maxLength", "enum", "const", "format"}
    assert [s for s in SCHEMAS if s.get("type") == "string" and not limited & s.keys()] == []


def test_every_list_says_how_long_it_may_get():
    assert [s for s in SCHEMAS if s.get("type") == "array" and "maxItems" not in s] == []


def test_bodies_that_people_write_have_examples():
    def holds(_, operation):
        for body in operation.get("requestBody", {}).get("content", {}).values():
            name = body["schema"].get("$ref", "").rpartition("/")[2]
            shape = CONTRACT["components"]["schemas"].get(name, body["schema"])
            fields = shape.get("properties", {}).values()
            if fields and "examples" not in shape and not any("examples" in field for field in fields):
                return False
        return True

    assert failing(holds) == []
