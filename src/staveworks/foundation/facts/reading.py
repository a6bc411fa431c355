"""Reading another organisation's data: only inside ``reading``, which logs it in the same transaction.

Without one the policies show nothing that a grant opens: they ask for the row that ``reading`` writes first
(``sql/sight.sql``). It ends only after the caller has said whose data she read, or the transaction fails.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import acting
from staveworks.foundation.facts.models import Reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

Door = Literal["page", "api", "export", "report"]
_door: ContextVar[Door] = ContextVar("door", default="page")

LOG = """
WITH shown AS (
    SELECT g.org_id, array_agg(DISTINCT field ORDER BY field) AS fields
    FROM facts_grant g, unnest(g.fields) AS field
    WHERE g.org_id = ANY (%(firms)s) AND g.org_id <> (SELECT app_org()) AND g.purpose = %(purpose)s
      AND field = ANY (%(fields)s) AND grant_is_live(g.during, g.withdrawn_at)
    GROUP BY g.org_id
)
INSERT INTO facts_read (reading_id, org_id, reader_org_id, person_id, purpose, fields, door)
SELECT %(reading)s, org_id, app_org(), %(person)s, %(purpose)s, fields, %(door)s FROM shown
ON CONFLICT DO NOTHING
"""


class NotSaid(AssertionError):
    """A reading ended without saying whose data were read: a fault of the program, nothing is answered."""


class ReadLog:
    """What the reader says of what she read, once."""

    def __init__(
        self, reading: UUID, actor: Actor, purpose: Purpose, fields: Sequence[str], door: Door
    ) -> None:
        self._reading = reading
        self._values = {
            "reading": reading,
            "person": actor.person_id,
            "purpose": purpose,
            "fields": list(fields),
            "door": door,
        }
        self._said = False

    def of(self, firms: Iterable[UUID]) -> None:
        """These firms' fields were read. Those that are the reader's own, or held by it as steward, are left out by themselves."""
        with connection.cursor() as cursor:
            cursor.execute(LOG, self._values | {"firms": list(firms)})
            logged = cursor.rowcount
        self._end(firms=logged)

    def of_nobody(self) -> None:
        """Nothing of anybody's was found."""
        self._end(firms=0)

    def aggregated(self, firms: int) -> None:
        """Only figures over ``firms`` firms leave the reading, none of a single one."""
        self._end(firms=firms, aggregate=True)

    def _end(self, **values: object) -> None:
        if self._said:
            raise NotSaid("a reading is told once")
        Reading.objects.filter(id=self._reading).update(**values)
        self._said = True

    @property
    def said(self) -> bool:
        return self._said


@contextmanager
def reading(actor: Actor, *, purpose: Purpose, fields: Collection[Field]) -> Iterator[ReadLog]:
    """Others' ``fields`` are seen inside, as far as they were granted to the actor's organisation for ``purpose``.

    Joins the caller's transaction or opens one. Raises ``NotSaid`` unless the block called one method of the log.
    """
    id_, asked, door = new_id(), sorted(fields), _door.get()
    with acting(org=actor.org, person=actor.person_id):
        Reading.objects.bulk_create(
            [
                Reading(
                    id=id_,
                    org_id=actor.org,
                    person_id=actor.person_id,
                    via_org_id=actor.via_org_id,
                    purpose=purpose,
                    fields=asked,
                    door=door,
                )
            ]
        )
        log = ReadLog(id_, actor, purpose, asked, door)
        with acting(org=actor.org, person=actor.person_id, reading=id_):
            yield log
        if not log.said:
            raise NotSaid(f"a reading of {', '.join(asked)} ended without saying whose they were")


@contextmanager
def through(door: Door) -> Iterator[None]:
    """Readings inside came by this door: owners see "page", "API", "export" or "report" in their log."""
    mark = _door.set(door)
    try:
        yield
    finally:
        _door.reset(mark)
