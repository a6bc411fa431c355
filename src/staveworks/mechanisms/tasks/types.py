"""Public words of the room: samples and their custody, tests and their results, scopes, reports, what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.foundation.reservation.types import Amounts
from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.weeks import HORIZON, Week
from staveworks.trade.orders.types import LineState


class TaskStep(StrEnum):
    """What happened to a sample; its place in the chain of custody is the last of them."""

    RECEIVED = "received"
    MOVED = "moved"
    IN_TEST = "in_test"
    RETURNED = "returned"
    DESTROYED = "destroyed"

    @property
    def text(self) -> Text:
        return STEP_TEXTS[self]


STEP_TEXTS = {
    TaskStep.RECEIVED: Text(zh="已收样", en="Received"),
    TaskStep.MOVED: Text(zh="已移交", en="Moved"),
    TaskStep.IN_TEST: Text(zh="检测中", en="In test"),
    TaskStep.RETURNED: Text(zh="已退回", en="Returned"),
    TaskStep.DESTROYED: Text(zh="已销毁", en="Destroyed"),
}
AWAITED = Text(zh="待收样", en="Not yet received")
HERE = (TaskStep.RECEIVED, TaskStep.MOVED, TaskStep.IN_TEST)
"""The sample is with the laboratory."""
FOLLOWS: Mapping[TaskStep | None, tuple[TaskStep, ...]] = {
    None: (TaskStep.RECEIVED,),
    TaskStep.RECEIVED: (TaskStep.MOVED, TaskStep.IN_TEST, TaskStep.RETURNED, TaskStep.DESTROYED),
    TaskStep.MOVED: (TaskStep.MOVED, TaskStep.IN_TEST, TaskStep.RETURNED, TaskStep.DESTROYED),
    TaskStep.IN_TEST: (TaskStep.MOVED, TaskStep.RETURNED, TaskStep.DESTROYED),
    TaskStep.RETURNED: (),
    TaskStep.DESTROYED: (),
}
"""Which step may follow which; None: it hasn't arrived."""


class Rest(StrEnum):
    """What becomes of a sample after the days of retention."""

    RETURN = "return"
    DESTROY = "destroy"

    @property
    def text(self) -> Text:
        return REST_TEXTS[self]


REST_TEXTS = {
    Rest.RETURN: Text(zh="退回委托方", en="Send it back"),
    Rest.DESTROY: Text(zh="由检测方销毁", en="Destroy it"),
}


class Mark(StrEnum):
    """A mark of accreditation that a report may carry, within the laboratory's scope only."""

    CMA = "CMA"
    CNAS = "CNAS"


class Verdict(StrEnum):
    """Whether a result meets what was asked; empty where nothing was to be met."""

    NONE = ""
    MEETS = "pass"
    FAILS = "fail"

    @property
    def text(self) -> Text:
        return VERDICT_TEXTS[self]


VERDICT_TEXTS = {
    Verdict.NONE: Text(zh="不判定", en="Not judged"),
    Verdict.MEETS: Text(zh="合格", en="Pass"),
    Verdict.FAILS: Text(zh="不合格", en="Fail"),
}


class Source(StrEnum):
    """How a result came in."""

    TYPED = "typed"
    FILE = "file"
    API = "api"


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
    Stage.TESTING: Text(zh="检测中", en="In test"),
    Stage.REPORTING: Text(zh="待出报告", en="Report to come"),
    Stage.DELIVERED: Text(zh="报告已交付", en="Reported"),
    Stage.OVER: Text(zh="已中止", en="Fell away"),
}


@dataclass(frozen=True, slots=True)
class Method:
    """A test that an offer makes: ``item`` by ``method``, such as breaking force by GB/T 3923.1-2013."""

    code: str
    item: Text
    method: str


@dataclass(frozen=True, slots=True)
class CustodyStep:
    """One link of the chain. ``by``: the person's id, None once she is erased."""

    number: int
    step: TaskStep
    place: str
    note: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """``number``: 1 for the first, more for corrections. ``laboratory``: the second laboratory's name; empty: the provider's own."""

    id: UUID
    number: int
    value: str
    unit: str
    verdict: Verdict
    tested_on: date
    laboratory: str
    source: Source
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Test:
    """One item by one method on one sample. ``results``: oldest first, the last one holds."""

    id: UUID
    sample_id: UUID
    sample_number: int
    item: Text
    method: str
    results: tuple[Result, ...]

    @property
    def result(self) -> Result | None:
        return self.results[-1] if self.results else None


@dataclass(frozen=True, slots=True)
class Sample:
    """``code`` stands on its label. ``custody``: oldest first."""

    id: UUID
    number: int
    name: str
    code: str
    custody: tuple[CustodyStep, ...]

    @property
    def step(self) -> TaskStep | None:
        return self.custody[-1].step if self.custody else None

    @property
    def text(self) -> Text:
        return self.step.text if self.step else AWAITED


@dataclass(frozen=True, slots=True)
class Report:
    """One version of one report. ``series`` counts the reports of a test order, ``version`` those that replaced each other;
    ``current``: none has replaced it. ``marks``: those of accreditation that it carries. ``tests``: what it reports on."""

    id: UUID
    series: int
    version: int
    number: str
    name: str
    size: int
    sha256: str
    marks: tuple[Mark, ...]
    reason: str
    tests: tuple[UUID, ...]
    laboratories: tuple[str, ...]
    issued_at: datetime
    current: bool


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


@dataclass(frozen=True, slots=True)
class Scope:
    """That a laboratory is accredited for an item by a method, from a day to a day (both included)."""

    id: UUID
    mark: Mark
    certificate: str
    item: str
    method: str
    from_date: date
    until_date: date
    ended_date: date | None


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result as it comes in. ``tested_on``: today where it isn't said; ``laboratory``: the second one, if it was not the provider."""

    test_id: UUID
    value: str
    unit: str = ""
    verdict: Verdict = Verdict.NONE
    tested_on: date | None = None
    laboratory: str = ""


class EntryKind(StrEnum):
    """Why the amount of a stock lot changed."""

    RECEIVED = "received"
    CORRECTED = "corrected"

    @property
    def text(self) -> Text:
        return ENTRY_TEXTS[self]


ENTRY_TEXTS = {
    EntryKind.RECEIVED: Text(zh="收货", en="Received"),
    EntryKind.CORRECTED: Text(zh="盘点更正", en="Count corrected"),
}


@dataclass(frozen=True, slots=True)
class StockEntry:
    """One line of a lot's record, append-only: by how much it changed, and why."""

    number: int
    kind: EntryKind
    change: int
    reason: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StockLot:
    """Goods of one receipt. ``there``: on the shelf, of which ``held`` and ``committed`` are spoken for. ``best_before``: the last
    day on which it is sold."""

    id: UUID
    number: str
    received_date: date
    best_before: date | None
    amounts: Amounts
    entries: tuple[StockEntry, ...]

    def lapsed(self, today: date) -> bool:
        return self.best_before is not None and self.best_before < today


@dataclass(frozen=True, slots=True)
class Stock:
    """A good that a provider keeps, with its lots in the order in which they are sold."""

    id: UUID
    name: Text
    unit: Text
    lots: tuple[StockLot, ...]

    def total(self, what: str, today: date) -> int:
        """``there``, ``held``, ``committed``, ``free`` over its lots; free only of those that may still be sold."""
        lots = (lot for lot in self.lots if what != "free" or not lot.lapsed(today))
        return sum(getattr(lot.amounts, what) for lot in lots)


@dataclass(frozen=True, slots=True)
class DeliveredLot:
    """What a part of a line came from."""

    part: int
    lot_id: UUID
    number: str
    best_before: date | None
    quantity: int
    unit: Text


class Period(StrEnum):
    """How often a subscription is ordered anew."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def text(self) -> Text:
        return Text(zh="月", en="month") if self is Period.MONTH else Text(zh="季度", en="quarter")

    @property
    def months(self) -> int:
        return 1 if self is Period.MONTH else 3


class SubscriptionState(StrEnum):
    """Derived, stored nowhere."""

    RUNNING = "running"
    PAUSED = "paused"
    HELD = "held"
    ENDING = "ending"
    ENDED = "ended"

    @property
    def text(self) -> Text:
        return SUBSCRIPTION_TEXTS[self]


SUBSCRIPTION_TEXTS = {
    SubscriptionState.RUNNING: Text(zh="进行中", en="Running"),
    SubscriptionState.PAUSED: Text(zh="已暂停", en="Paused"),
    SubscriptionState.HELD: Text(zh="新价待批准，先停", en="Stopped until its new price is approved"),
    SubscriptionState.ENDING: Text(zh="本期后结束", en="Ends after this period"),
    SubscriptionState.ENDED: Text(zh="已结束", en="Ended"),
}


class MoveKind(StrEnum):
    """What was done with a subscription."""

    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class SubscriptionPeriod:
    """``line_id`` None: it was paused or not approved when it began, and costs nothing."""

    number: int
    starts_date: date
    line_id: UUID | None
    price_fen: int


@dataclass(frozen=True, slots=True)
class PriceNotice:
    """From period ``number`` on it costs ``price_fen``. ``kept``: the buyer has said that she goes on; ``to_approve``: in her
    firm that takes the right to approve orders (shown to the buyer only)."""

    number: int
    from_date: date
    price_fen: int
    kept: bool
    to_approve: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """``next_date``, ``next_fen``: the next period that will be ordered, and what it costs; None once it ends."""

    id: UUID
    title: Text
    buyer_org: UUID
    buyer: Text
    provider_org: UUID
    provider: Text
    period: Period
    notice_days: int
    state: SubscriptionState
    price_fen: int
    next_date: date | None
    next_fen: int | None
    ends_date: date | None
    periods: tuple[SubscriptionPeriod, ...]
    notice: PriceNotice | None


class SubscriptionNotFound(NotFound):
    text = Text(zh="没有这项订阅，或您看不到它。", en="No such subscription, or none you can see.")


class SubscriptionMoved(Refused):
    text = Text(
        zh="这项订阅已不是您看到的样子，请刷新页面。",
        en="The subscription isn't as you saw it any more. Load the page again.",
    )


class PriceInvalid(Invalid):
    text = Text(zh="填一个和现在不同的价格。", en="Enter a price other than the present one.")


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week of a weekly capacity: ``taken`` of ``units``. ``name``: 2026-W50."""

    name: str
    monday: date
    units: int
    taken: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """So many units a week of all offers that name it, with the weeks to come."""

    id: UUID
    name: Text
    units: int
    weeks: tuple[WeekLoad, ...]


class WeeklyNotFound(NotFound):
    text = Text(zh="没有这项每周产能，或不归您管。", en="No such weekly capacity, or it isn't yours.")


class WeeklyInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class WeeklyInUse(Refused):
    text = Text(
        zh="有一周已订出的比这个数多，不能减到这么少。",
        en="In some week more than this is sold already.",
    )


class WeekInvalid(Invalid):
    text = Text(zh="写成 2026-W50。", en="Written 2026-W50.")

    @classmethod
    def outside(cls, first: Week) -> "WeekInvalid":
        """Too early, or further ahead than one may order."""
        return cls(
            Text(
                zh=f"可以订 {first} 起的 {HORIZON} 周。",
                en=f"The {HORIZON} weeks from {first} on can be ordered.",
            ),
            field="week",
        )


class MoreThanAWeek(Refused):
    """``units``: as many as a week has."""

    def __init__(self, units: int) -> None:
        super().__init__(
            Text(zh=f"每周最多 {units}，请分开订。", en=f"At most {units} a week: order in several lines."),
            field="quantity",
        )


class WeekFull(Refused):
    """``next_free``: the next week that has room; None: none within the year."""

    def __init__(self, week: Week, next_free: Week | None) -> None:
        text = Text(zh=f"{week} 已排满。", en=f"{week} is full.")
        if next_free is not None:
            day = next_free.monday
            text = Text(
                zh=f"{text.zh}最近有空的是 {next_free}（{day} 起）。",
                en=f"{text.en} The next with room is {next_free} (from {day}).",
            )
        super().__init__(text, field="week")
        self.next_free = next_free


class TooLittleLeft(Refused):
    """``left``: how much could be had."""

    def __init__(self, left: int, unit: Text) -> None:
        super().__init__(
            Text(
                zh=f"库存不够，还剩 {left} {unit.zh}。" if left else "库存卖完了。",
                en=f"Too little in stock: {left} {unit.en} left." if left else "Out of stock.",
            ),
            field="quantity",
        )
        self.left = left


class StockNotFound(NotFound):
    text = Text(zh="没有这项库存，或不归您管。", en="No such stock, or it isn't yours.")


class StockInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class LotNumberTaken(Refused):
    text = Text(zh="这个批号已经登记过。", en="This lot number is recorded already.")


class CountInUse(Refused):
    """``spoken``: held or committed of the lot, which can't be counted away."""

    def __init__(self, spoken: int) -> None:
        super().__init__(
            Text(
                zh=f"其中 {spoken} 已被占住或已订出，不能更正到更少。先取消那些订单。",
                en=f"{spoken} of it is held or sold: it can't be less. Take those orders off first.",
            ),
            field="counted",
        )


class TaskNotFound(NotFound):
    text = Text(zh="没有这张委托单，或您看不到它。", en="No such test order, or none you can see.")


class SampleNotFound(NotFound):
    text = Text(zh="没有这个样品，或您看不到它。", en="No such sample, or none you can see.")


class ReportNotFound(NotFound):
    text = Text(zh="没有这份报告，或您看不到它。", en="No such report, or none you can see.")


class ScopeNotFound(NotFound):
    text = Text(zh="没有这项资质。", en="There is no such scope.")


class StepRefused(Refused):
    """A step that can't follow the sample's last one."""

    def __init__(self, was: TaskStep | None, step: TaskStep) -> None:
        before = was.text if was else AWAITED
        super().__init__(
            Text(
                zh=f"这个样品现在是“{before.zh}”，不能再记“{step.text.zh}”。",
                en=f"The sample is “{before.en}” now, so “{step.text.en}” can't be recorded.",
            ),
            field="step",
        )


class NoSamples(Invalid):
    text = Text(zh="请至少选一个样品。", en="Choose at least one sample.")


class NotReceivedYet(Refused):
    text = Text(
        zh="样品还没有收到，不能记结果。请先收样。",
        en="The sample hasn't arrived, so it has no results. Record its arrival first.",
    )


class ResultInvalid(Invalid):
    text = Text(zh="请填结果，最多 200 字。", en="Enter the result, at most 200 characters.")


class InFuture(Invalid):
    text = Text(zh="检测日期不能晚于今天。", en="The day of the test can't be after today.")


class NothingReported(Invalid):
    text = Text(zh="请至少选一项有结果的检测。", en="Choose at least one test that has a result.")


class ResultReplaced(Refused):
    text = Text(
        zh="有一项结果刚被更正。请刷新页面，核对后再出报告。",
        en="A result was corrected just now. Load the page again and check before you report.",
    )


class OutOfScope(Refused):
    """A report would carry a mark that its laboratory may not put on one of its tests."""

    def __init__(self, item: Text, method: str) -> None:
        super().__init__(
            Text(
                zh=f"“{item.zh}”（{method}）不在资质范围内（检测当天和今天都要在），或由另一家检测，报告不能用这个标志。"
                "请去掉标志，或另出一份报告。",
                en=f"The scope doesn't cover {item.en} ({method}) both on the day of the test and today, or another laboratory"
                " tested it. Leave the mark out, or report it apart.",
            ),
            field="marks",
        )


class ReasonForReplacing(Invalid):
    text = Text(zh="请写明为什么替换，对方会看到。", en="Say why it is replaced; the buyer will read it.")


class ReportFileNotFound(NotFound):
    text = Text(zh="没有这个文件，请重新上传。", en="There is no such file. Send it again.")


class NotInHand(Refused):
    text = Text(
        zh="这张委托单已经中止或还没有接单。", en="This test order fell away, or isn't confirmed yet."
    )


class AllReportedFirst(Refused):
    text = Text(
        zh="还有检测没有写进报告，不能作为最后一份。",
        en="Some tests are in no report yet: it can't be the last one.",
    )


class ScopeInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class CsvInvalid(Invalid):
    """A file of results that can't be read; nothing of it was taken."""

    def __init__(self, row: int, text: Text) -> None:
        super().__init__(Text(zh=f"第 {row} 行：{text.zh}", en=f"Row {row}: {text.en}"), field="file")
