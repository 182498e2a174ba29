"""Figures of one process for Prometheus: requests, what is served and since when, memory and time of the process."""

from collections.abc import Iterator
from importlib.metadata import version
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from service.live import Live

PORTS = 16
"""Processes of one machine that find a port of their own, from ``REMIX_METRICS_PORT`` on."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
RECOMMENDED = ("POST", "/api/v1/recommendations")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._server: tuple[WSGIServer, Thread] | None = None
        labels = ("method", "route")
        self._requests = Counter(
            "remix_http_requests", "Requests answered.", (*labels, "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "remix_http_request_seconds", "Time to the answer.", labels, registry=self.registry, buckets=_BUCKETS
        )
        self._recommendations = Counter("remix_recommendations", "Questions answered.", registry=self.registry)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is the template of its path ("" where none fits)."""
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)
        if (method, route) == RECOMMENDED and status < 300:
            self._recommendations.inc()

    def watch(self, live: Live) -> None:
        """Report what is served, too."""
        self.registry.register(_Served(live))

    def start(self, host: str, port: int) -> None:
        """Offer the figures on the first free port from ``port`` on; raises OSError if none is."""
        for offered in range(port, port + PORTS):
            try:
                self._server = start_http_server(offered, host, self.registry)
            except OSError as error:
                taken = error
            else:
                return
        raise taken

    def stop(self) -> None:
        """Offer them no longer."""
        if self._server is not None:
            server, thread = self._server
            server.shutdown()
            server.server_close()
            thread.join()
            self._server = None


class _Served(Collector):
    def __init__(self, live: Live) -> None:
        self._live = live

    def describe(self) -> list[Metric]:
        """Nothing beforehand: what is served is not there yet when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of this moment."""
        counts = self._live.counts
        yield CounterMetricFamily("remix_data_swaps", "Times that newer data were put in use.", counts.swaps)
        yield CounterMetricFamily("remix_data_failures", "Times that newer data could not be read.", counts.failures)
        yield GaugeMetricFamily("remix_data_swap_seconds", "Time of the last swap.", counts.seconds_of_last_swap)
        yield InfoMetricFamily("remix_build", "The program.", {"version": version("remix")})
        if self._live.is_ready:
            serving = self._live.serving()
            since = serving.since.timestamp()
            yield GaugeMetricFamily("remix_data_since_timestamp_seconds", "Since when these data are served.", since)
            yield GaugeMetricFamily("remix_calls", "Calls that are served.", len(serving.catalogue.calls))
            served = {"artifact": serving.recommender.artifact_version, "revision": serving.revision}
            yield InfoMetricFamily("remix_artifact", "What recommendations are made from.", served)
