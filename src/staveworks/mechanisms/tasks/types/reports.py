"""Reports, the marks of accreditation that they carry, and the scopes that allow them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class Mark(StrEnum):
    """A mark of accreditation that a report may carry, within the laboratory's scope only."""

    CMA = "CMA"
    CNAS = "CNAS"


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


class ReportNotFound(NotFound):
    text = Text(zh="没有这份报告，或您看不到它。", en="No such report, or none you can see.")


class ScopeNotFound(NotFound):
    text = Text(zh="没有这项资质。", en="There is no such scope.")


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


class AllReportedFirst(Refused):
    text = Text(
        zh="还有检测没有写进报告，不能作为最后一份。",
        en="Some tests are in no report yet: it can't be the last one.",
    )


class ScopeInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")
