"""Who looked at the actor's organisation: grouped by day, reader, purpose and door."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from staveworks.db.transaction import query
from staveworks.foundation.facts.types import Field, Purpose, plainly
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

LOOKS = """
SELECT (at AT TIME ZONE %(zone)s)::date AS day, reader_org_id, purpose, door, count(DISTINCT reading_id), max(at),
       array_agg(DISTINCT field), array_agg(DISTINCT person_id) FILTER (WHERE person_id IS NOT NULL)
FROM facts_read, unnest(fields) AS field
WHERE org_id = %(org)s AND (%(before)s::date IS NULL OR (at AT TIME ZONE %(zone)s)::date < %(before)s)
GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 6 DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What one organisation read on one day for one purpose through one door; ``times``: readings."""

    day: date
    reader: UUID
    reader_name: Text
    purpose: Purpose
    fields: tuple[Field, ...]
    door: str
    times: int
    last_at: datetime
    people: tuple[Text, ...]


@query
def list_looks(actor: Actor, *, before: date | None = None, limit: int = 100) -> list[Look]:
    """The newest first; ``before``: of earlier days than that. Raises ``RightMissing``."""
    actor.require("organisation.read")
    with connection.cursor() as cursor:
        zone = str(settings.TIME_ZONE)
        cursor.execute(LOOKS, {"zone": zone, "org": actor.org, "before": before, "limit": limit})
        rows = cursor.fetchall()
    names = titles_of({row[1] for row in rows} | {person for row in rows for person in row[7] or ()})
    gone = Text(zh="已注销", en="no longer here")
    return [
        Look(
            day=day,
            reader=reader,
            reader_name=names.get(reader, gone),
            purpose=Purpose(purpose),
            fields=plainly(fields),
            door=door,
            times=times,
            last_at=last_at,
            people=tuple(names.get(person, gone) for person in people or ()),
        )
        for day, reader, purpose, door, times, last_at, fields, people in rows
    ]


@query
def count_looks(actor: Actor, *, since: datetime) -> int:
    """How many organisations have looked since then. Raises ``RightMissing``."""
    actor.require("organisation.read")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT reader_org_id) FROM facts_read WHERE org_id = %s AND at >= %s",
            [actor.org, since],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
