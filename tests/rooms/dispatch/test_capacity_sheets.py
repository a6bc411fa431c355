"""Free time by spreadsheet: the template holds what counts, a sheet counts as a whole, and rows that stand so already say nothing."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from staveworks.db.transaction import acting
from staveworks.mechanisms.dispatch.queries import access_sheet, list_windows, my_capacity
from staveworks.mechanisms.dispatch.types.windows import SheetOutcome, SheetUnreadable, Source, WindowSaid
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows
from staveworks.mechanisms.dispatch.usecases.keep_centre import keep_centre
from staveworks.mechanisms.dispatch.usecases.load_sheet import load_sheet
from tests.capacity import declare, free, looms, next_monday
from tests.rooms.dispatch.test_capacity_pages import browser, text_of
from tests.rooms.dispatch.test_registry import backdate
from tests.world import World

HEAD = "Work centre,From,To,Hours a day,Share free\n"


def loaded(world: World, *rows: str) -> SheetOutcome:
    """``0..6 5`` is from next Monday to that Sunday five hours a day, of the looms."""
    lines = []
    for row in rows:
        days, hours = row.split()
        first, last = (next_monday() + timedelta(days=int(day)) for day in days.split(".."))
        lines.append(f"喷水织机,{first},{last},{hours},")
    return put(world, (HEAD + "\n".join(lines)).encode())


def put(world: World, content: bytes) -> SheetOutcome:
    return access_sheet(world.lin, sheet_id=load_sheet(world.lin, name="w.csv", content=content))


def template(world: World) -> bytes:
    return bytes(browser(world.lin).get("/capacity/sheets/template.xlsx").content)


def week(world: World, centre: int = 0) -> list[Decimal | None]:
    """Next week, day by day."""
    return list(my_capacity(world.lin).centres[centre].weeks[1].days)


def fate(sheet: SheetOutcome) -> tuple[int, int, int]:
    return sheet.taken, sheet.repeated, len(sheet.faults)


class TestTemplate:
    def test_loaded_unchanged_it_changes_nothing_whatever_was_declared_over_it(self, world: World) -> None:
        centre = declare(world.lin, 8)
        for hours in (20, 18, 5):
            free(world.lin, centre, hours, weeks=1)
        before, windows = week(world), len(list_windows(world.lin))
        assert before[0] == 5
        assert fate(put(world, template(world))) == (0, 2, 0)
        assert week(world) == before
        assert len(list_windows(world.lin)) == windows

    def test_it_holds_a_row_for_what_counts_and_one_to_fill_in_for_a_work_centre_without(
        self, world: World
    ) -> None:
        declare(world.lin, 8)
        keep_centre(world.lin, said=looms(name="新机"))
        assert fate(put(world, template(world))) == (0, 1, 0), "the empty row is no fault"
        assert len(list_windows(world.lin)) == 1

    def test_what_is_stale_counts_again_when_it_is_said_again(self, world: World) -> None:
        declare(world.lin, 8)
        with acting(org=world.chunhui.id):
            backdate(11)
        assert my_capacity(world.lin).centres[0].weeks[1].fresh == 0
        assert fate(put(world, template(world))) == (1, 0, 0)
        assert my_capacity(world.lin).centres[0].weeks[1].fresh == 48


class TestSheetAsAWhole:
    def test_loaded_twice_it_doubles_nothing_though_its_rows_lie_over_each_other(self, world: World) -> None:
        keep_centre(world.lin, said=looms())
        rows = ("0..27 8", "0..6 0", "2..3 5")
        assert fate(loaded(world, *rows)) == (3, 0, 0)
        before = week(world)
        assert before[:5] == [0, 0, 5, 5, 0]
        assert fate(loaded(world, *rows)) == (0, 3, 0)
        assert week(world) == before
        assert len(list_windows(world.lin)) == 3

    def test_a_changed_row_brings_back_those_after_it_that_it_lies_over(self, world: World) -> None:
        keep_centre(world.lin, said=looms())
        loaded(world, "0..27 8", "0..6 3")
        assert fate(loaded(world, "0..27 9", "0..6 3")) == (2, 0, 0)
        assert week(world)[:2] == [3, 3]
        assert fate(loaded(world, "0..27 9", "0..6 4")) == (1, 1, 0)
        assert week(world)[:2] == [4, 4]

    def test_a_row_inside_a_longer_one_that_says_the_same_is_nothing_new(self, world: World) -> None:
        centre = keep_centre(world.lin, said=looms())
        free(world.lin, centre, 8)
        assert fate(loaded(world, "2..3 8")) == (0, 1, 0)
        declare_windows(
            world.lin,
            said=[WindowSaid(centre, next_monday(), next_monday(), Decimal(2))],
            source=Source.PAGE,
        )
        assert fate(loaded(world, "0..6 8")) == (1, 0, 0), "one of its days stands otherwise"


class TestCells:
    @pytest.mark.parametrize("said", ["６", "6小时", "6 h", "６．０", "6 hours"])
    def test_hours_are_read_as_people_write_them(self, world: World, said: str) -> None:
        keep_centre(world.lin, said=looms())
        assert fate(loaded(world, f"0..6 {said.replace(' ', '')}")) == (1, 0, 0)
        assert week(world)[0] == 6

    @pytest.mark.parametrize(
        ("said", "wrong"), [("-4", "不能小于 0。"), ("－４", "不能小于 0。"), ("6²", "读不懂这个数：6²。")]
    )
    def test_a_number_below_nought_is_called_that(self, world: World, said: str, wrong: str) -> None:
        keep_centre(world.lin, said=looms())
        (fault,) = loaded(world, f"0..6 {said}").faults
        assert (fault.column, fault.text.zh) == ("Hours a day", wrong)

    def test_a_row_with_days_but_no_hours_still_is_a_fault(self, world: World) -> None:
        keep_centre(world.lin, said=looms())
        (fault,) = put(world, (HEAD + f"喷水织机,{next_monday()},{next_monday()},,").encode()).faults
        assert fault.column == "Hours a day"


class TestLoading:
    def book(self, *rows: list[object]) -> bytes:
        file = BytesIO()
        book = xlsxwriter.Workbook(file, {"in_memory": True})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.close()
        return file.getvalue()

    def test_good_rows_count_and_faulty_ones_wait_with_row_and_column(self, world: World) -> None:
        declare(world.lin)
        monday = next_monday()
        day, until = monday.isoformat(), (monday + timedelta(days=6)).isoformat()
        content = self.book(
            ["工作中心", "从", "到", "每天小时", "空闲比例"],
            ["喷水织机", day, until, 6, ""],
            [
                "喷水织机",
                f"{monday.year}年{monday.month}月{monday.day}日",
                day.replace("-", "/"),
                "",
                "50%",
            ],
            ["没有的机器", day, until, 6, ""],
            ["喷水织机", "下周", until, 6, ""],
            ["喷水织机", day, until, 6, "50%"],
            ["喷水织机", until, day, 6, ""],
            ["喷水织机", day, until, "很多", ""],
        )
        client = browser(world.lin, "zh-hans")
        answer = client.post("/capacity/sheets/", {"file": SimpleUploadedFile("w.xlsx", content)})
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        sheet = access_sheet(world.lin, sheet_id=UUID(answer["Location"].split("/")[-2]))
        assert sheet.taken == 2
        assert [(each.row, each.column) for each in sheet.faults] == [
            (4, "工作中心"),
            (5, "从"),
            (6, "每天小时"),
            (7, "到"),
            (8, "每天小时"),
        ]
        page = text_of(client, answer["Location"])
        assert "2 行已生效，5 行要改" in page
        assert "下周" in page
        back = client.get(f"{answer['Location']}faults.xlsx")
        assert back.status_code == 200
        again = load_sheet(world.lin, name="mended", content=b"".join([bytes(back.content)]))
        assert len(access_sheet(world.lin, sheet_id=again).faults) == 5

    def test_all_that_is_wrong_with_a_row_is_told_at_once(self, world: World) -> None:
        keep_centre(world.lin, said=looms())
        content = (HEAD + f"没有的机器,下周,{next_monday()},abc,\n").encode()
        client = browser(world.lin, "zh-hans")
        answer = client.post("/capacity/sheets/", {"file": SimpleUploadedFile("w.csv", content)})
        sheet = access_sheet(world.lin, sheet_id=UUID(answer["Location"].split("/")[-2]))
        assert [each.column for each in sheet.faults] == ["Work centre", "From", "Hours a day"]
        assert "0 行已生效，1 行要改" in text_of(client, answer["Location"])
        back = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{answer['Location']}faults.xlsx").content))
        (_, row) = back.get_sheet_by_index(0).to_python()
        assert str(row[-1]) == (
            "Work centre：没有叫“没有的机器”的工作中心。From：读不懂这个日期：下周。Hours a day：读不懂这个数：abc。"
        )

    def test_loaded_again_it_doubles_nothing(self, world: World) -> None:
        declare(world.lin)
        monday = next_monday()
        content = f"Work centre,From,To,Hours a day\n喷水织机,{monday},{monday},3\n".encode()
        first = access_sheet(world.lin, sheet_id=load_sheet(world.lin, name="w.csv", content=content))
        second = access_sheet(world.lin, sheet_id=load_sheet(world.lin, name="w.csv", content=content))
        assert (first.taken, second.taken, second.repeated) == (1, 0, 1)

    @pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"%PDF-1.7 x", b"PK\x03\x04 broken"])
    def test_what_is_no_such_table_is_refused_with_what_to_do(self, world: World, content: bytes) -> None:
        with pytest.raises(SheetUnreadable) as refused:
            load_sheet(world.lin, name="x", content=content)
        assert refused.value.field == "file"
