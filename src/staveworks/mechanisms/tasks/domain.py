"""Pure decisions: how far a test order has come, which steps may follow, until when samples are kept, what a file of results says."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.types.results import CsvInvalid, NewResult, ResultInvalid, Test, Verdict
from staveworks.mechanisms.tasks.types.samples import FOLLOWS, Sample, StepRefused, TaskStep
from staveworks.mechanisms.tasks.types.tasks import Stage
from staveworks.trade.orders.types import FELL_AWAY, LineState

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes on labels: nothing that looks like something else."""
WORKABLE = frozenset({LineState.CONFIRMED, LineState.IN_DELIVERY})
REPORTABLE = WORKABLE | {LineState.DELIVERED, LineState.DISPUTED, LineState.ACCEPTED, LineState.SETTLED}
"""A report that turns out wrong is replaced also after it was accepted."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sample": ("sample", "样品", "样品号", "sample_code", "样品编号"),
    "item": ("item", "项目", "检测项目", "test"),
    "value": ("value", "result", "结果"),
    "unit": ("unit", "单位"),
    "verdict": ("verdict", "判定"),
    "tested_on": ("tested_on", "date", "检测日期"),
    "laboratory": ("laboratory", "分包实验室", "second_laboratory"),
}
NEEDED = ("sample", "item", "value")
VERDICTS = {"": "", "pass": "pass", "合格": "pass", "fail": "fail", "不合格": "fail", "不判定": ""}
LONGEST_VALUE = 200
MOST_ROWS = 5000

NO_HEADER = Text(
    zh="第一行要有列名：样品、项目、结果（可加 单位、判定、检测日期、分包实验室）。",
    en="The first row names the columns: sample, item, value (and unit, verdict, tested_on, laboratory).",
)
NO_ENCODING = Text(zh="文件不是文本，请存成 CSV（UTF-8）。", en="This is no text. Save it as CSV (UTF-8).")
TOO_LONG = Text(zh="行数太多。", en="Too many rows.")
NO_TEST = Text(
    zh="没有样品“{sample}”的“{item}”这一项。", en="There is no test “{item}” on the sample “{sample}”."
)
TWICE = Text(zh="这一项在文件里出现了两次。", en="This test stands in the file twice.")
NO_VERDICT = Text(zh="判定只能是 合格、不合格 或空。", en="The verdict is pass, fail or empty.")
NO_DATE = Text(zh="日期写成 2026-11-30。", en="Write the date as 2026-11-30.")
NO_ROWS = Text(zh="没有一行结果。", en="There isn't one result.")


def check_step(sample: Sample, step: TaskStep) -> None:
    """Raises ``StepRefused``."""
    if step not in FOLLOWS[sample.step]:
        raise StepRefused(sample.step, step)


def stage_of(line: LineState, *, samples: int, received: int, tests: int, tested: int) -> Stage:
    """From the line's state, and how many of its samples have arrived, of its tests have a result."""
    if line in FELL_AWAY:
        return Stage.OVER
    if line not in WORKABLE:
        return Stage.DELIVERED
    if received < samples:
        return Stage.AWAITING
    return Stage.TESTING if tested < tests else Stage.REPORTING


def kept_until(
    last_report: datetime | None, days: int, *, since: datetime, fell_away: bool
) -> datetime | None:
    """Until when samples are kept; None: nothing was reported yet and they are still needed. What fell away is kept no longer."""
    if fell_away:
        return since
    return last_report + timedelta(days=days) if last_report else None


def read_results(content: bytes, tests: Collection[Test], samples: Mapping[str, UUID]) -> list[NewResult]:
    """What a CSV file says, each row for one of ``tests``. ``samples``: by number and by code. Raises ``CsvInvalid``."""
    rows = list(csv.DictReader(io.StringIO(_text(content), newline="")))
    if len(rows) > MOST_ROWS:
        raise CsvInvalid(MOST_ROWS + 1, TOO_LONG)
    columns = _columns(rows[0].keys() if rows else ())
    found: dict[UUID, NewResult] = {}
    for number, row in enumerate(rows, start=2):
        said = {name: (row.get(column) or "").strip() for name, column in columns.items()}
        if not any(said.values()):
            continue
        result = _result(number, said, tests, samples)
        if result.test_id in found:
            raise CsvInvalid(number, TWICE)
        found[result.test_id] = result
    if not found:
        raise CsvInvalid(1, NO_ROWS)
    return list(found.values())


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CsvInvalid(1, NO_ENCODING)


def _columns(header: Collection[str | None]) -> dict[str, str]:
    there = {(name or "").strip().lower(): name for name in header if name}
    found = {name: there[word] for name, words in COLUMNS.items() for word in words[::-1] if word in there}
    if any(name not in found for name in NEEDED):
        raise CsvInvalid(1, NO_HEADER)
    return found


def _result(
    number: int, said: Mapping[str, str], tests: Collection[Test], samples: Mapping[str, UUID]
) -> NewResult:
    sample = samples.get(said["sample"].upper())
    item = said["item"].casefold()
    test = next((each for each in tests if each.sample_id == sample and item in _names(each)), None)
    if test is None:
        raise CsvInvalid(number, NO_TEST.format(sample=said["sample"], item=said["item"]))
    if not said["value"] or len(said["value"]) > LONGEST_VALUE:
        raise CsvInvalid(number, ResultInvalid.text)
    verdict = VERDICTS.get(said.get("verdict", "").lower())
    if verdict is None:
        raise CsvInvalid(number, NO_VERDICT)
    return NewResult(
        test.id,
        said["value"],
        said.get("unit", ""),
        Verdict(verdict),
        _day(number, said.get("tested_on", "")),
        said.get("laboratory", ""),
    )


def _names(test: Test) -> Sequence[str]:
    return [each.casefold() for each in (test.item.zh, test.item.en, test.method)]


def _day(number: int, said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise CsvInvalid(number, NO_DATE) from None
