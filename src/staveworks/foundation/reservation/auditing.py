"""Whether what is held agrees with itself, by a look at every row: for whoever runs the machine. Under the cross role."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connections, transaction

from staveworks.kit.text import Text

TEXTS = {
    "overlap": Text(
        zh="预留 {id} 与另一项在同一台资源上重叠。", en="Reservation {id} overlaps another on the same unit."
    ),
    "counter differs from its reservations": Text(
        zh="计数 {id} 与它的预留对不上。", en="Counter {id} differs from the sum of its reservations."
    ),
    "oversold": Text(zh="计数 {id} 卖出的多于容量。", en="Counter {id}: more is taken than there is."),
    "a unit that does not exist": Text(
        zh="预留 {id} 在一台不存在的资源上。", en="Reservation {id} stands on a unit that there isn't."
    ),
    "a state that is none": Text(
        zh="预留 {id} 的状态不存在。", en="Reservation {id} has a state that is none."
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a reservation or a counter."""

    id: UUID
    text: Text


@dataclass(frozen=True, slots=True)
class HoldsAudit:
    """How many reservations were looked at, and what is wrong with them."""

    reservations: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def audit_reservations() -> HoldsAudit:
    """By the same statement as the tests' verdict; in one snapshot, and for as long as it takes."""
    with transaction.atomic(using="cross"), connections["cross"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT fault, id FROM reservation_faults() ORDER BY id, fault")
        faults = tuple(Fault(id_, TEXTS[fault].format(id=id_)) for fault, id_ in cursor.fetchall())
        cursor.execute("SELECT count(*) FROM reservation_reservation")
        return HoldsAudit(int(cursor.fetchone()[0]), faults)
