"""Is the log what it was, is nothing reserved twice? For the clock and for commands, which need nothing else that has a clock."""

from pathlib import Path

from django.conf import settings

from staveworks.foundation.eventlog.types import Verification
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import anchor_anew, verify_chain
from staveworks.foundation.reservation.auditing import HoldsAudit, audit_reservations
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


@cross_job("looks at every organisation's reservations for what can't be")
def verify_reservations() -> HoldsAudit:
    return audit_reservations()
