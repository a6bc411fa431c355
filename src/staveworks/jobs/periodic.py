"""What happens every so often, in one table: seconds between runs → job."""

from collections.abc import Callable

from django.conf import settings

from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.jobs.relay import relay_events
from staveworks.jobs.work import cross_job


@cross_job("seals every organisation's events into the node's chain")
def seal() -> int:
    return seal_events(node=settings.NODE, anchor_path=settings.HOME / "seals" / f"{settings.NODE}.json")


PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (0.5, relay_events),
    (2, seal),
]
