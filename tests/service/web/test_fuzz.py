"""The whole API under generated requests, fitting and not, by every role: nothing fails, every answer is as described.

Half of the requests go to things that are there, so that they get past the first look-up.
"""

import json
import re
import warnings
from functools import partial
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.accounts.tables import Role
from service.database import open_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.access.bodies import OWN
from tests.service.access.samples import Samples
from tests.service.conftest import _empty_schema
from tests.service.web.clients import BASE_URL
from tests.service.work.conftest import fill

EXAMPLES = 5
REFERRING = re.compile(r"(_id|_istat)$|^(commune|communes|item|rule|action|kind|reason|scheme|code)$")
"""Fields of a body that only mean something together, or with what is in the database."""
BOUNDED = bounds(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def app(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    url = "" if request.param == "sqlite" else _empty_schema()
    settings = Settings(home=home, database_url=url, rate_limit="")
    engine = open_database(settings, writing=True)
    fill(engine, home)
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture(scope="module")
def contract(app):
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    return schemathesis.openapi.from_dict(json.loads(app.state.contract()), config=config)


def sent(client: TestClient, case: schemathesis.Case):
    """Send a generated request as it is."""
    ready = {"method", "url", "headers", "params", "json", "data", "cookies"}
    words = case.as_transport_kwargs(base_url=BASE_URL)
    request = requests.Request(**{name: value for name, value in words.items() if name in ready}).prepare()
    headers = {
        name: value.encode("latin-1", "replace") if isinstance(value, str) else value
        for name, value in request.headers.items()
    }
    return client.request(request.method, request.url, content=request.body or b"", headers=headers)


def ids(samples: Samples, template: str, role: Role) -> dict[str, str]:
    """An id of a thing that is there for each place of a path."""
    found = {}
    for place in re.finditer(r"\{(\w+)\}", template):
        found[place[1]] = samples.made(template[: place.end()], OWN, role)
    return found


def broken(client: TestClient, cases: st.SearchStrategy[schemathesis.Case]) -> str:
    """What is wrong with the answers to generated requests; "" if nothing is, or none can be generated."""

    @BOUNDED
    @given(case=cases)
    def hold(case: schemathesis.Case) -> None:
        case.validate_response(sent(client, case), checks=PROMISED)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            hold()
    except Unsatisfiable:
        return ""
    except BaseExceptionGroup as group:
        return "\n".join(str(error) for error in group.exceptions)
    except Exception as error:  # told with all others at the end
        return f"{type(error).__name__}: {error}"
    return ""


def grounded(case: schemathesis.Case, good: dict[str, Any] | None) -> schemathesis.Case:
    """A request to what is there: its ids and version are real, the rest stays as generated."""
    if isinstance(case.body, dict) and good is not None:
        names = [name for name in good if REFERRING.search(name) or name not in case.body]
        case.body |= {name: good[name] for name in names}
    case.headers.pop("Idempotency-Key", None)
    if "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    return case


@pytest.mark.slow
@pytest.mark.parametrize(
    ("app", "role"),
    [*(("sqlite", role) for role in Role), ("postgresql", Role.ADMINISTRATOR)],
    indirect=["app"],
)
def test_nothing_fails_and_every_answer_is_as_described(app, contract, role):
    samples, told = Samples(app), []
    for found in contract.get_all_operations():
        operation = found.ok()
        there = ids(samples, operation.path, role)
        kinds = [
            operation.as_strategy(GenerationMode.POSITIVE, path_parameters=there or None).map(
                partial(grounded, good=samples.body(operation.method.upper(), operation.path, OWN))
            ),
            operation.as_strategy(GenerationMode.POSITIVE),
            operation.as_strategy(GenerationMode.NEGATIVE),
        ]
        client = samples.client(role)
        told += [f"{operation.label}: {wrong}" for cases in kinds if (wrong := broken(client, cases))]
    assert told == [], "\n\n".join(told)


class Failing:
    """A service that fails."""

    def __init__(self, status: int) -> None:
        self.status = status

    def request(self, method, url, **_):
        problem = {"title": "?", "status": self.status}
        return httpx2.Response(self.status, json=problem, request=httpx2.Request(method, url))


@pytest.mark.slow
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("status", [500, 418])
def test_a_failure_and_an_answer_that_nobody_described_would_be_seen(contract, status):
    operation = next(contract.get_all_operations()).ok()
    assert broken(Failing(status), operation.as_strategy(GenerationMode.POSITIVE))
