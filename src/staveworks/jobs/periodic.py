"""What happens every so often, in one table: seconds between runs → job."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC
from staveworks.cluster.barrel.usecases.refresh_peers import refresh_peers
from staveworks.foundation.eventlog.types import Verification
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import anchor_anew, verify_chain
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import NoOrganisation
from staveworks.jobs.relay import relay_events
from staveworks.jobs.work import cross_job


def _anchor() -> Path:
    return Path(settings.HOME) / "seals" / f"{settings.NODE}.json"


@cross_job("seals every organisation's events into the node's chain")
def seal() -> int:
    return seal_events(node=settings.NODE, anchor_path=_anchor())


@cross_job("checks every organisation's events against the chain")
def verify_node() -> Verification:
    return verify_chain(node=settings.NODE, anchor_path=_anchor())


@cross_job("keeps the end of the chain of every organisation's events")
def new_anchor() -> None:
    anchor_anew(node=settings.NODE, anchor_path=_anchor())


@cross_job("sums up what firms of one business type and size answered, never fewer than five together")
def sum_up_peers() -> int:
    try:
        actor = operator_service()
    except NoOrganisation:
        return 0
    return refresh_peers(actor, rubric=DEFAULT_RUBRIC)


PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (0.5, relay_events),
    (2, seal),
    (600, sum_up_peers),
]
