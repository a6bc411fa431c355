"""For whom a job works. A job without an organisation would see no rows and *succeed*: it is refused instead."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from uuid import UUID

from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text

log = logging.getLogger("staveworks.jobs")
CROSS_JOBS: dict[str, str] = {}
"""Jobs that may see all organisations, each with its reason; every run is logged."""


class JobWithoutOrganisation(Refused):
    text = Text(
        zh="后台任务必须指明单位，或列入跨单位任务。",
        en="A job must name its organisation or be a listed cross job.",
    )


class SomeFailed(Exception):
    """Of many things that a job did one by one: the rest is done, these are not. What each met is in the log."""


def actor_of_job(org_id: UUID | str | None) -> Actor:
    """The service actor for a job of ``org_id``. Raises ``JobWithoutOrganisation``, ``OrganisationNotFound``."""
    if not org_id:
        raise JobWithoutOrganisation
    return operator_service_for(UUID(str(org_id)))


def do_each[T](things: Iterable[T], do: Callable[[T], int]) -> int:
    """What ``do`` comes to over all ``things``. One that fails is logged and keeps none of the others waiting.

    Raises ``SomeFailed`` after the last, so that the run counts as failed and is looked at.
    """
    total, tried, failed = 0, 0, 0
    for thing in things:
        tried += 1
        try:
            total += do(thing)
        except Exception:
            failed += 1
            log.exception("failed at %s; going on with the rest", thing)
    if failed:
        raise SomeFailed(f"{failed} of {tried} failed")
    return total


def cross_job[R](reason: str) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """List a job that works as the cross role, with the reason why it must."""

    def listed(function: Callable[[], R]) -> Callable[[], R]:
        CROSS_JOBS[function.__name__] = reason

        @wraps(function)
        def run() -> R:
            with crossing(function.__name__):
                return function()

        return run

    return listed


def list_cross(job: str, reason: str) -> None:
    """List what isn't a whole job but reads across organisations inside one, with its reason."""
    CROSS_JOBS[job] = reason


@contextmanager
def crossing(job: str) -> Iterator[None]:
    """Log that ``job`` sees all organisations, and why. Raises ``JobWithoutOrganisation`` for an unlisted job."""
    if job not in CROSS_JOBS:
        raise JobWithoutOrganisation
    log.debug("cross job %s: %s", job, CROSS_JOBS[job])
    yield
