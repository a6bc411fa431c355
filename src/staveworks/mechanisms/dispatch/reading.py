"""Looking at other firms' capacity: only inside ``reading_capacity``, which logs it in the same transaction.

Without one the policies show a firm's rows to itself alone. With ``scope`` *dispatch* (the platform's operator) prices are seen too; with
*heat* (operators) hours only, a city's operator those of its own place.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind
from staveworks.kit.errors import Refused
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.models import CapacityReading

Scope = Literal["dispatch", "heat"]
LOOKED = """
INSERT INTO dispatch_look (reading_id, org_id, reader_org_id, scope)
SELECT %s, firm, %s, %s FROM unnest(%s::uuid[]) AS firm ORDER BY firm
"""


class PlaceUnknown(Refused):
    text = Text(
        zh="本单位还没有填所在地，不知道看哪里的产能。请先补全单位资料。",
        en="Your organisation has no place yet, so there is nowhere to look at. Complete its profile first.",
    )


class NotSaid(AssertionError):
    """A reading ended without saying whose capacity it showed: a fault of the program, nothing is answered."""


class LookLog:
    """What the reader says of what was seen, once."""

    def __init__(self, actor: Actor, reading: UUID, scope: Scope) -> None:
        self.reading, self._actor, self._scope, self.said = reading, actor, scope, False

    def of(self, firms: Iterable[UUID]) -> None:
        """These firms were seen one by one: each is told on its own page. The reader's own is left out."""
        seen = list({firm for firm in firms if firm != self._actor.org})
        with connection.cursor() as cursor:
            cursor.execute(LOOKED, [self.reading, self._actor.org, self._scope, seen])
        self._end(len(seen), aggregate=False)

    def aggregated(self, firms: int) -> None:
        """Only sums over firms leave the reading."""
        self._end(firms, aggregate=True)

    def _end(self, firms: int, *, aggregate: bool) -> None:
        if self.said:
            raise NotSaid("a reading is told once")
        CapacityReading.objects.filter(id=self.reading).update(firms=firms)
        append_event(
            self._actor,
            "capacity.read",
            subject=self.reading,
            scope=self._scope,
            firms=firms,
            aggregate=aggregate,
        )
        self.said = True


@contextmanager
def reading_capacity(actor: Actor, *, scope: Scope) -> Iterator[LookLog]:
    """Firms' capacity is seen inside, as far as ``scope`` goes. Raises ``RightMissing``; ``NotSaid`` unless the block told its log."""
    actor.require("capacity.dispatch" if scope == "dispatch" else "capacity.heat")
    with acting(org=actor.org, person=actor.person_id):
        row = CapacityReading(
            id=new_id(),
            org_id=actor.org,
            person_id=actor.person_id,
            via_org_id=actor.via_org_id,
            scope=scope,
            place=place_of(actor),
        )
        CapacityReading.objects.bulk_create([row])
        log = LookLog(actor, row.id, scope)
        with acting(org=actor.org, person=actor.person_id, reading=row.id, alone=False):
            yield log
            if not log.said:
                raise NotSaid(f"a reading of {scope} ended without saying whose capacity it was")


def place_of(actor: Actor) -> str:
    """How far the actor's organisation sees: everywhere as the platform, else the digits that all codes of its place begin with.

    Raises ``PlaceUnknown``.
    """
    if Kind.PLATFORM in actor.kinds:
        return ""
    code = Organisation.objects.filter(id=actor.org).values_list("city_id", flat=True).first()
    if code is None:
        raise PlaceUnknown
    return re.sub(r"(00)+$", "", code)
