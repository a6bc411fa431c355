"""``/metrics`` for Prometheus: what the processes counted, and how queue, chain, deliveries and database stand just now.

Without ``STAVEWORKS_METRICS_TOKEN`` there is no such address. The numbers name routes and states, never organisations.
"""

import hmac
import logging
from collections.abc import Callable, Iterable
from importlib.metadata import version

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from staveworks.db.state import connections_now, queue
from staveworks.foundation.eventlog.queries import waiting_for_seal
from staveworks.foundation.notices.counting import count_deliveries
from staveworks.kit.metrics import all_processes
from staveworks.web.doors import door_public

log = logging.getLogger("staveworks.metrics")
Values = Iterable[tuple[tuple[str, ...], float]]


@door_public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends the token."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    now = CollectorRegistry()
    now.register(Standing())
    return HttpResponse(
        generate_latest(all_processes()) + generate_latest(now), content_type=CONTENT_TYPE_LATEST
    )


class Standing(Collector):
    """Asked anew for each scrape. A part that can't be asked is left out and told by ``staveworks_scrape_failed``."""

    def collect(self) -> Iterable[Metric]:
        yield gauge("info", "The program.", ("version",), [((version("staveworks"),), 1)])
        failed = []
        for name, ask in PARTS.items():
            try:
                yield from ask()
            except DatabaseError as error:
                log.warning("%s can't be counted", name, exc_info=error)
                failed.append(((name,), 1.0))
        yield gauge("scrape_failed", "Parts that could not be asked.", ("part",), failed)


def _queue() -> list[Metric]:
    found = queue()
    return [
        gauge("queue_jobs", "Jobs by status.", ("status",), [((s,), n) for s, n in found.jobs.items()]),
        gauge(
            "queue_oldest_seconds", "Age of the oldest job that could run.", (), [((), found.oldest_seconds)]
        ),
        gauge("workers", "Workers that gave a sign of life lately.", (), [((), found.workers)]),
    ]


def _chain() -> list[Metric]:
    count, age = waiting_for_seal(settings.NODE)
    return [
        gauge("events_unsealed", "Events that no seal covers yet.", (), [((), count)]),
        gauge("events_unsealed_oldest_seconds", "Age of the oldest of them.", (), [((), age)]),
    ]


def _deliveries() -> list[Metric]:
    values = [((channel, state), float(n)) for channel, state, n in count_deliveries()]
    return [gauge("deliveries", "Messages by channel and state.", ("channel", "state"), values)]


def _database() -> list[Metric]:
    found = connections_now()
    states = [((state,), float(n)) for state, n in found.by_state.items()]
    return [
        gauge("database_connections", "Connections to the database by state.", ("state",), states),
        gauge("database_connections_max", "How many the server takes.", (), [((), found.most)]),
    ]


PARTS: dict[str, Callable[[], list[Metric]]] = {
    "queue": _queue,
    "chain": _chain,
    "deliveries": _deliveries,
    "database": _database,
}


def gauge(name: str, meaning: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = GaugeMetricFamily(f"staveworks_{name}", meaning, labels=labels)
    for label, value in values:
        family.add_metric(list(label), value)
    return family
