"""Something that waits for somebody, as the room in which it waits sees it. Notices make a to-do of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """``subject`` waits for the people of ``org_id``, or for ``person_id`` alone, since a moment (None: since it is noticed).

    ``due_at`` is set where the thing itself lapses then; else its kind of to-do says how many days there are. ``params`` fill
    the words of the to-do: the ids of a firm and a person under ``firm`` and ``who`` (names are looked up when they are
    shown, so that none is kept twice), everything else as it is printed.
    """

    org_id: UUID
    subject: UUID
    since: datetime | None
    due_at: datetime | None = None
    person_id: UUID | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
