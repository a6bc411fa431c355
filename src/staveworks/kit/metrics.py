"""What the processes count of themselves, for Prometheus (docs/how-to/watch.md).

Each process writes its numbers into files of a folder (`staveworks.cli.counting`), so that any of them can tell those of all;
without it they stay in memory.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter(
    "staveworks_http_requests", "Requests by method, route and status.", ("method", "route", "status")
)
REQUEST_SECONDS = Histogram(
    "staveworks_http_request_seconds",
    "Server time by method and route.",
    ("method", "route"),
    buckets=SECONDS,
)
JOBS = Counter("staveworks_jobs", "Jobs that ran, by event type and outcome.", ("event", "outcome"))
JOB_SECONDS = Histogram(
    "staveworks_job_seconds", "Running time of jobs, by event type.", ("event",), buckets=(*SECONDS, 60, 600)
)
PERIODIC = Counter(
    "staveworks_periodic_runs", "Runs of periodic jobs, by name and outcome.", ("job", "outcome")
)


class Everybody(Collector):
    """The numbers of all processes of this installation, web and worker."""

    def collect(self) -> Iterable[Metric]:
        files = [str(path) for path in Path(os.environ[FOLDER]).parent.glob("*/*.db")]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return found


def all_processes() -> CollectorRegistry:
    """The numbers of all processes that share the folder; of this one where none is shared."""
    if FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(Everybody())
    return registry
