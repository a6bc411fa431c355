"""Reading another organisation's data: only inside ``reading``, which logs it in the same transaction.

Without one the policies show nothing that a grant opens: they ask for the row that ``reading`` writes first
(``sql/sight.sql``). It ends only after the caller has said whose data she read, or the transaction fails.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import acting
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

Door = Literal["page", "api", "export", "report"]
_door: ContextVar[Door] = ContextVar("door", default="page")

OPENED = """
INSERT INTO facts_reading (id, org_id, person_id, via_org_id, purpose, fields, door, aggregate)
VALUES (%s, %s, %s, %s, %s, %s, %s, false)
"""
LOG = """
WITH shown AS (
    SELECT g.org_id, array_agg(DISTINCT field ORDER BY field) AS fields
    FROM facts_grant g, unnest(g.fields) AS field
    WHERE g.org_id = ANY (%(firms)s) AND g.org_id <> (SELECT app_org()) AND g.purpose = %(purpose)s
      AND field = ANY (%(fields)s) AND grant_is_live(g.during, g.withdrawn_at)
    GROUP BY g.org_id
), logged AS (
    INSERT INTO facts_read (reading_id, org_id, reader_org_id, person_id, purpose, fields, door)
    SELECT %(reading)s, org_id, app_org(), %(person)s, %(purpose)s, fields, %(door)s FROM shown
    ON CONFLICT DO NOTHING RETURNING org_id
)
UPDATE facts_reading SET firms = (SELECT count(*) FROM logged) WHERE id = %(reading)s
"""
SAID = "UPDATE facts_reading SET firms = %(firms)s, aggregate = %(aggregate)s WHERE id = %(reading)s"


class NotSaid(AssertionError):
    """A reading ended without saying whose data were read: a fault of the program, nothing is answered."""


class ReadLog:
    """What the reader says of what she read, once."""

    def __init__(
        self, reading: UUID, actor: Actor, purpose: Purpose, fields: Sequence[str], door: Door
    ) -> None:
        self._values: dict[str, Any] = {
            "reading": reading,
            "person": actor.person_id,
            "purpose": purpose,
            "fields": list(fields),
            "door": door,
        }
        self._said = False

    def of(self, firms: Iterable[UUID]) -> None:
        """These firms' fields were read. Those that are the reader's own, or held by it as steward, are left out by themselves."""
        self._say(LOG, firms=list(firms))

    def of_nobody(self) -> None:
        """Nothing of anybody's was found."""
        self._say(SAID, firms=0, aggregate=False)

    def aggregated(self, firms: int) -> None:
        """Only figures over ``firms`` firms leave the reading, none of a single one."""
        self._say(SAID, firms=firms, aggregate=True)

    def _say(self, statement: str, **values: Any) -> None:
        if self._said:
            raise NotSaid("a reading is told once")
        with connection.cursor() as cursor:
            cursor.execute(statement, self._values | values)
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
        opened = [id_, actor.org, actor.person_id, actor.via_org_id, purpose, asked, door]
        with connection.cursor() as cursor:
            cursor.execute(OPENED, opened)
        log = ReadLog(id_, actor, purpose, asked, door)
        with acting(org=actor.org, person=actor.person_id, reading=id_, alone=False):
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
