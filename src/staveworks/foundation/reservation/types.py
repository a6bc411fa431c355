"""Public words of the room: what is asked, what is held, what is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.spans import Span
from staveworks.kit.text import Text


class Kind(StrEnum):
    """``exclusive``: units that serve one at a time; ``counted``: an amount of which each takes some; ``store``: an amount in lots."""

    EXCLUSIVE = "exclusive"
    COUNTED = "counted"
    STORE = "store"


class State(StrEnum):
    """How far a reservation has come. ``maintenance`` is the owner's own closing of a unit."""

    HELD = "held"
    COMMITTED = "committed"
    IN_USE = "in_use"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"
    MAINTENANCE = "maintenance"


OCCUPYING = (State.HELD, State.COMMITTED, State.IN_USE, State.CONSUMED, State.MAINTENANCE)
"""States in which a unit is taken for the span. A consumed span was used: it stays taken, cut where the rest was given back."""

EDGES = [
    (State.HELD, State.COMMITTED),
    (State.HELD, State.RELEASED),
    (State.HELD, State.EXPIRED),
    (State.COMMITTED, State.IN_USE),
    (State.COMMITTED, State.CONSUMED),
    (State.COMMITTED, State.RELEASED),
    (State.IN_USE, State.CONSUMED),
    (State.MAINTENANCE, State.RELEASED),
]


@dataclass(frozen=True, slots=True)
class Ask:
    """A reservation request: ``quantity`` units of a resource, ``during`` a span; None: the whole stock, at no time."""

    resource_id: UUID
    quantity: int = 1
    during: Span | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError("at least one is asked for")


class Obstacle(StrEnum):
    """Why an ask can't be had."""

    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    NEEDS_TIME = "needs_time"
    OTHER_SLOT = "other_slot"
    TAKEN = "taken"
    QUOTA = "quota"
    NOT_ADMITTED = "not_admitted"

    @property
    def text(self) -> Text:
        return OBSTACLE_TEXTS[self]


OBSTACLE_TEXTS = {
    Obstacle.UNKNOWN: Text(zh="没有这项资源。", en="There is no such resource."),
    Obstacle.WITHDRAWN: Text(zh="这项资源已停用。", en="This resource is no longer offered."),
    Obstacle.NEEDS_TIME: Text(zh="要先选时间。", en="Choose a time first."),
    Obstacle.OTHER_SLOT: Text(
        zh="这里按固定的时段提供，请选其中一段。", en="It is offered in fixed slots. Choose one of them."
    ),
    Obstacle.TAKEN: Text(zh="余量不够。", en="There isn't enough left."),
    Obstacle.QUOTA: Text(
        zh="超过了资源方定的额度。", en="It is more than its owner lets one firm or person take."
    ),
    Obstacle.NOT_ADMITTED: Text(
        zh="来的人还不能使用这项资源，请向资源方确认。",
        en="Whoever is to come may not use it yet. Ask its owner.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What ``inquire`` found about one ask: how much is free, what stands in the way, the nearest spans that are free."""

    ask: Ask
    free: int
    obstacle: Obstacle | None = None
    alternatives: tuple[Span, ...] = ()

    @property
    def available(self) -> bool:
        return self.obstacle is None


@dataclass(frozen=True, slots=True)
class ResourceSeen:
    """What whoever asks may know of a resource."""

    id: UUID
    owner_id: UUID
    kind: Kind
    capacity: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Something is taken, nobody says by whom: a unit for a span, or an ``amount`` of a slot's ``capacity``."""

    resource_id: UUID
    unit: int | None
    during: Span | None
    amount: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """One row of the kernel. ``subject_id`` is the caller's own thing (an order line); ``unit`` None for counted resources."""

    id: UUID
    chain_id: UUID
    subject_id: UUID
    resource_id: UUID
    kind: Kind
    unit: int | None
    quantity: int
    consumed: int
    during: Span | None
    state: State
    expires_at: datetime | None
    holder_id: UUID
    owner_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Used:
    """So much of a counted resource was used."""

    resource_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Amounts:
    """Of a counted resource: ``there`` is what isn't used up; ``held`` and ``committed`` of it are spoken for."""

    capacity: int
    there: int
    held: int
    committed: int

    @property
    def free(self) -> int:
        return self.there - self.held - self.committed


@dataclass(frozen=True, slots=True)
class Chain:
    """Reservations that are held, committed and let go together."""

    id: UUID
    reservations: tuple[Reservation, ...]

    @property
    def expires_at(self) -> datetime | None:
        """The moment up to which all of it is held; None once nothing is held any more."""
        ends = [each.expires_at for each in self.reservations if each.state is State.HELD and each.expires_at]
        return min(ends, default=None)


class NotFree(Refused):
    """Nothing was taken. ``findings`` say of each ask that failed why, with the nearest alternatives."""

    text = Text(
        zh="刚被约走，或余量不够。什么也没有占。", en="Just taken, or not enough left. Nothing was held."
    )

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


class HoldExpired(Refused):
    text = Text(
        zh="占位已过期，已让给别人。请重新占一次。",
        en="The hold has expired and may be somebody else's now. Hold it again.",
    )


class NotHeld(Refused):
    text = Text(zh="这些已不是占住的状态。", en="This is no longer held.")


class ReservationNotFound(NotFound):
    text = Text(zh="没有这项预留，或您看不到它。", en="No such reservation, or none you can see.")


class ResourceNotFound(NotFound):
    text = Text(zh="没有这项资源，或不归您管。", en="No such resource, or it isn't yours.")


class MoreThanReserved(Refused):
    text = Text(
        zh="多于预留的数量，或已用完、已归还。", en="More than is reserved, or it is used up or given back."
    )


class LotInvalid(Invalid):
    text = Text(zh="批次要属于一个库存。", en="A lot belongs to a store.")


class CapacityInvalid(Invalid):
    text = Text(zh="数量至少为 1。", en="At least 1.")


class CapacityInUse(Refused):
    text = Text(
        zh="已订出的比这个数多。先改约或取消，再减少。",
        en="More than this is sold already. Move or cancel some first.",
    )


class SpanTaken(Refused):
    """``reservations`` stand in the way of closing."""

    text = Text(
        zh="这段时间已有人约。先改约，再停用。",
        en="Somebody holds this time. Move them first, then close it.",
    )

    def __init__(self, reservations: Sequence[Reservation]) -> None:
        super().__init__()
        self.reservations = tuple(reservations)


class TtlInvalid(Invalid):
    text = Text(zh="占位时间要大于 0，最长 30 天。", en="A hold lasts more than 0 and at most 30 days.")
