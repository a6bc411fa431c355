"""A test order with all that belongs to it, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import NotFound, Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.types.reports import Report
from staveworks.mechanisms.tasks.types.results import Test
from staveworks.mechanisms.tasks.types.samples import Rest, Sample
from staveworks.trade.orders.types import LineState


class Stage(StrEnum):
    """How far a test order has come; derived, stored nowhere."""

    AWAITING = "awaiting"
    TESTING = "testing"
    REPORTING = "reporting"
    DELIVERED = "delivered"
    OVER = "over"

    @property
    def text(self) -> Text:
        return STAGE_TEXTS[self]


STAGE_TEXTS = {
    Stage.AWAITING: Text(zh="等样品", en="Awaiting samples"),
    Stage.TESTING: Text(zh="待出结果", en="Results to come"),
    Stage.REPORTING: Text(zh="待出报告", en="Report to come"),
    Stage.DELIVERED: Text(zh="报告已交付", en="Reported"),
    Stage.OVER: Text(zh="已中止", en="Fell away"),
}


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A test order as lists show it."""

    line_id: UUID
    code: str
    title: Text
    buyer: Text
    provider: Text
    stage: Stage
    rush: bool
    due_at: datetime | None
    samples: int
    received: int
    tests: int
    tested: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """A test order with all that belongs to it. ``rest``, ``retention_days``: what becomes of its samples afterwards."""

    card: TaskCard
    buyer_org: UUID
    provider_org: UUID
    line_state: LineState
    rest: Rest
    retention_days: int
    samples: tuple[Sample, ...]
    tests: tuple[Test, ...]
    reports: tuple[Report, ...]


class TaskNotFound(NotFound):
    text = Text(zh="没有这张委托单，或您看不到它。", en="No such test order, or none you can see.")


class NotInHand(Refused):
    text = Text(
        zh="这张委托单已经中止或还没有接单。", en="This test order fell away, or isn't confirmed yet."
    )
