"""For whom a job works. A job without an organisation would see no rows and *succeed*: it is refused instead."""

import logging
from collections.abc import Callable, Iterator
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


def actor_of_job(org_id: UUID | str | None) -> Actor:
    """The service actor for a job of ``org_id``. Raises ``JobWithoutOrganisation``, ``OrganisationNotFound``."""
    if not org_id:
        raise JobWithoutOrganisation
    return operator_service_for(UUID(str(org_id)))


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


@contextmanager
def crossing(job: str) -> Iterator[None]:
    """Log that ``job`` sees all organisations, and why. Raises ``JobWithoutOrganisation`` for an unlisted job."""
    if job not in CROSS_JOBS:
        raise JobWithoutOrganisation
    log.debug("cross job %s: %s", job, CROSS_JOBS[job])
    yield
