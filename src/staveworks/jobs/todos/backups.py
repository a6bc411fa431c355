"""The backup that failed last and was not made since: what the log says of the installation itself."""

from datetime import UTC, datetime
from uuid import UUID

from staveworks.foundation.eventlog.looking_back import last_event
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import NoOrganisation
from staveworks.kit.waiting import Waiting

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


def backups_that_failed(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """It waits for the operator whose installation this is, since the first failure after a success."""
    try:
        service = operator_service()
    except NoOrganisation:
        return []
    if org not in (None, service.org) or subject not in (None, service.org):
        return []
    made = last_event(service, types=["backup.made"], since=ALWAYS)
    failed = last_event(service, types=["backup.failed"], since=made.at if made else ALWAYS)
    return [Waiting(service.org, service.org, failed.at)] if failed else []
