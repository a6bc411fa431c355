"""Tests and what they gave."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, Refused
from staveworks.kit.text import Text


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


@dataclass(frozen=True, slots=True)
class Method:
    """A test that an offer makes: ``item`` by ``method``, such as breaking force by GB/T 3923.1-2013."""

    code: str
    item: Text
    method: str


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
class NewResult:
    """A result as it comes in. ``tested_on``: today where it isn't said; ``laboratory``: the second one, if it was not the provider."""

    test_id: UUID
    value: str
    unit: str = ""
    verdict: Verdict = Verdict.NONE
    tested_on: date | None = None
    laboratory: str = ""


class NotReceivedYet(Refused):
    text = Text(
        zh="样品还没有收到，不能记结果。请先收样。",
        en="The sample hasn't arrived, so it has no results. Record its arrival first.",
    )


class ResultInvalid(Invalid):
    text = Text(zh="请填结果，最多 200 字。", en="Enter the result, at most 200 characters.")


class InFuture(Invalid):
    text = Text(zh="检测日期不能晚于今天。", en="The day of the test can't be after today.")


class CsvInvalid(Invalid):
    """A file of results that can't be read; nothing of it was taken."""

    def __init__(self, row: int, text: Text) -> None:
        super().__init__(Text(zh=f"第 {row} 行：{text.zh}", en=f"Row {row}: {text.en}"), field="file")
