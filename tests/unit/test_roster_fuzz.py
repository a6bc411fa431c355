"""Whatever bytes come, reading gives rows or says why not, and no row breaks what follows."""

import io
import tempfile
import zipfile
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staveworks.foundation.rosters.columns import guess_columns
from staveworks.foundation.rosters.matching import MemoryIndex, place, record_of
from staveworks.foundation.rosters.normalising import normalise
from staveworks.foundation.rosters.reading import Unreadable, open_roster

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CELLS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20
) | st.sampled_from(
    [
        "企业名称",
        "电话",
        "绍兴金锋纺织厂",
        "合计",
        "13800000001",
        '"',
        "'",
        "=1+1",
        "（）",
        "()",
        "厂",
        "公司",
        "Ltd",
        "约30",
        "91330603557028383Q",
        "市",
        "绍兴市",
    ]
)


def swallow(data: bytes) -> None:
    """Read, normalise and match; only ``Unreadable`` may come out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(data)
        try:
            roster = open_roster(path)
            rows = list(roster.rows())
        except Unreadable:
            return
    columns = guess_columns(roster.sheets[0].headers, roster.sheets[0].sample).columns
    entries = [reading.entry for row in rows if (reading := normalise(row, columns)).entry]
    records = [(at, record_of(entry)) for at, entry in enumerate(entries) if entry]
    assert len(list(place(records, MemoryIndex[int, int](), lambda row: row))) == len(records)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    swallow(data)


@QUICK
@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_any_table_of_text(table: list[list[str]], delimiter: str, encoding: str) -> None:
    text = "企业名称,电话,地址\n".replace(",", delimiter) + "\n".join(delimiter.join(line) for line in table)
    swallow(text.encode(encoding, errors="replace"))


@QUICK
@given(st.binary(max_size=60), st.integers(0, 20_000), st.integers(0, 60))
def test_a_damaged_workbook(noise: bytes, at: int, cut: int) -> None:
    data = WORKBOOK[: max(0, len(WORKBOOK) - cut)]
    at = at % len(data)
    swallow(data[:at] + noise + data[at + len(noise) :])


@QUICK
@given(
    st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
    st.binary(max_size=40),
    st.integers(0, 5000),
)
def test_a_workbook_with_a_damaged_part(part: str, noise: bytes, at: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                place_at = at % len(content)
                content = content[:place_at] + noise + content[place_at + len(noise) :]
            new.writestr(name, content)
    swallow(out.getvalue())


def _workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("名单")
    sheet.merge_range(0, 0, 0, 2, "名单")
    sheet.write_row(1, 0, ["企业名称", "电话", "人数"])
    sheet.write_row(2, 0, ["绍兴金锋纺织厂", 13800000001, 30])
    book.close()
    return out.getvalue()


WORKBOOK = _workbook()
