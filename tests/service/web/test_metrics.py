"""Figures for Prometheus: by route's template and never by address, on a port of their own."""

import socket
from urllib.request import urlopen

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.web.clients import BASE_URL


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def figures(port: int) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}


def test_requests_are_counted_by_route_and_what_is_served_is_named(filled_home):
    port = free_port()
    app = create_app(Settings(home=filled_home, metrics_port=port), HashingEncoder())
    with TestClient(app, base_url=BASE_URL) as client:
        app.state.remix.live.serving()
        client.get("/status")
        client.get("/status/of/somebody")
        client.request("BREW", "/status")
        client.post("/api/v1/recommendations", json={"text": "pista ciclabile", "commune": "015182"})
        seen = figures(port)
        again = create_app(Settings(home=filled_home, metrics_port=port), HashingEncoder())
        with TestClient(again, base_url=BASE_URL):
            assert figures(port + 1), "a second process takes the next port"

    def requests(**labels: str) -> float:
        return seen["remix_http_requests_total", frozenset(labels.items())]

    assert requests(method="GET", route="/status", status="200") == 1
    assert requests(method="GET", route="", status="404") == 1
    assert requests(method="other", route="/status", status="405") == 1
    assert seen["remix_recommendations_total", frozenset()] == 1
    assert seen["remix_calls", frozenset()] > 10
    names = {name for name, _ in seen}
    assert {"remix_artifact_info", "remix_build_info", "remix_data_since_timestamp_seconds"} <= names
    assert "process_resident_memory_bytes" in names


def test_once_stopped_the_port_is_free(filled_home):
    port = free_port()
    with TestClient(create_app(Settings(home=filled_home, metrics_port=port), HashingEncoder())):
        assert figures(port)
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", port))
