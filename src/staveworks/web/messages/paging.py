"""Lists that go on after (moment, id): the address of what is older."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

Position = tuple[datetime, UUID]


def position_of(request: HttpRequest) -> Position | None:
    """From ``?after=moment_id``; nothing if it can't be read."""
    moment, _, id_ = request.GET.get("after", "").rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at if timezone.is_aware(at) else timezone.make_aware(at)), UUID(id_)
    except ValueError:
        return None


def after(at: datetime, id_: UUID) -> str:
    """The position of an entry, for the address of the next page."""
    return f"{at.isoformat()}_{id_}"
