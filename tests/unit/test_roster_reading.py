"""Files to rows: encodings, delimiters, titles, totals, merged cells, and what is refused with a reason."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from staveworks.foundation.rosters.reading import Roster, Unreadable, container, open_roster, rehearsal
from staveworks.foundation.rosters.reading.container import MAX_CELLS

LIST = "企业名称,电话,人数\n绍兴金锋纺织厂,13800000001,30\n苏州丰华丝绸有限公司,057512345678,约20\n"


def write(folder: Path, data: bytes | str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def numbers(roster: Roster) -> list[int]:
    return [row.number for row in roster.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_csv_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    roster = open_roster(write(tmp_path, LIST.encode(encoding)))
    assert [row.cells[0] for row in roster.rows()] == ["绍兴金锋纺织厂", "苏州丰华丝绸有限公司"]
    assert roster.sheets[0].headers == ("企业名称", "电话", "人数")


def test_western_letters_are_not_taken_for_chinese(tmp_path: Path) -> None:
    roster = open_roster(
        write(tmp_path, "company,city\nCafé Père,Orléans\nMüller GmbH,Köln\n".encode("cp1252"))
    )
    assert [row.cells for row in roster.rows()] == [("Café Père", "Orléans"), ("Müller GmbH", "Köln")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    roster = open_roster(write(tmp_path, LIST.replace(",", delimiter)))
    assert next(roster.rows()).cells == ("绍兴金锋纺织厂", "13800000001", "30")


def test_titles_blanks_headers_totals_and_remarks_are_not_rows(tmp_path: Path) -> None:
    text = "2026年会员名单,,\n,,\n企业名称,电话,人数\n甲纺织厂,1,30\n,,\n企业名称,电话,人数\n乙纺织厂,2,20\n合计,2家,50\n备注：数据截至6月,,\n"
    roster = open_roster(write(tmp_path, text))
    assert roster.sheets[0].header_row == 3
    assert numbers(roster) == [4, 7]


@pytest.mark.parametrize(
    "total", ["合计", "总 计", "小计：", "Total", "Grand total", "共219家企业", "合计：219家"]
)
def test_total_lines_are_known_by_their_word(tmp_path: Path, total: str) -> None:
    assert numbers(open_roster(write(tmp_path, f"名称,人数\n甲厂,3\n{total},3\n"))) == [2]


def test_a_firm_called_total_is_a_row(tmp_path: Path) -> None:
    assert numbers(open_roster(write(tmp_path, "name,city\nTotal Sportswear Ltd,Dhaka\n"))) == [2]


def test_a_line_break_in_a_cell_moves_the_rows_below_as_an_editor_shows(tmp_path: Path) -> None:
    roster = open_roster(write(tmp_path, '名称,地址\n甲厂,"东方路\n1号"\n乙厂,西环路\n'))
    assert [(row.number, row.cells[1]) for row in roster.rows()] == [(2, "东方路 1号"), (4, "西环路")]


def test_a_quotation_mark_left_open_spoils_its_own_line_only(tmp_path: Path) -> None:
    roster = open_roster(write(tmp_path, '名称,地址\n"甲厂,东方路\n乙厂,西环路\n丙厂,北路\n'))
    assert [row.cells[0] for row in roster.rows()] == ["甲厂", "乙厂", "丙厂"]


def test_a_list_without_header_has_rows_from_the_start(tmp_path: Path) -> None:
    roster = open_roster(write(tmp_path, "绍兴金锋纺织厂,13800000001\n苏州丰华丝绸有限公司,13800000002\n"))
    assert roster.sheets[0].headers == ()
    assert numbers(roster) == [1, 2]


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("会员")
    sheet.merge_range(0, 0, 0, 3, "会员名单")
    sheet.write_row(2, 0, ["序号", "单位名称", "手机", "城市"])
    sheet.write_row(3, 0, [1, "甲纺织厂", 13800000001])
    sheet.write_row(4, 0, [2, "乙纺织厂", "057512345678"])
    sheet.merge_range(3, 3, 4, 3, "绍兴市")
    sheet.write_row(5, 0, [3, "", ""])
    sheet.write_row(6, 0, ["合计", "2家"])
    second = book.add_worksheet("园区")
    second.write_row(0, 0, ["企业名称", "电话"])
    second.write_row(1, 0, ["丙印染厂", "1"])
    book.add_worksheet("空白")
    hidden = book.add_worksheet("隐藏")
    hidden.write_row(0, 0, ["企业名称", "电话"])
    hidden.write_row(1, 0, ["丁印染厂", "1"])
    hidden.hide()
    book.close()
    return path


def test_a_workbook_gives_sheet_rows_whole_numbers_and_merged_cells(tmp_path: Path) -> None:
    roster = open_roster(workbook(tmp_path / "list.xlsx"))
    assert [(sheet.index, sheet.title, sheet.header_row) for sheet in roster.sheets] == [
        (0, "会员", 3),
        (1, "园区", 1),
    ]
    assert [(row.sheet, row.number, row.cells[1:]) for row in roster.rows()] == [
        (0, 4, ("甲纺织厂", "13800000001", "绍兴市")),
        (0, 5, ("乙纺织厂", "057512345678", "绍兴市")),
        (1, 2, ("1",)),
    ]


def test_rows_can_be_read_again(tmp_path: Path) -> None:
    roster = open_roster(workbook(tmp_path / "list.xlsx"))
    assert numbers(roster) == numbers(roster)
    assert [row.number for row in roster.rows(roster.sheets[1])] == [2]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\n\n ,, \n", "No list"),
        (b"%PDF-1.7 ...", "neither"),
        (b"\x89PNG\r\n\x1a\n....", "neither"),
        (b"PK\x03\x04 not really a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"name,city\nA\0B Ltd,Dhaka\n", "not a text file"),
        (bytes(range(256)) * 20, "text"),
        (b"<html><table><tr><td>name</td></tr></table></html>", "neither"),
        (b"Once upon a time\nthere was a story\nwithout any firm\n", "No list"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(Unreadable) as caught:
        open_roster(write(tmp_path, data))
    assert word in caught.value.text.en
    assert caught.value.text.zh


def test_a_cell_far_away_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "企业名称")
    sheet.write(MAX_CELLS // 1000, 2000, "x")
    book.close()
    with pytest.raises(Unreadable, match="far away"):
        open_roster(tmp_path / "far.xlsx")


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_UNPACKED_BYTES", 4_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for at in range(9):
            archive.writestr(f"xl/media/{at}.bin", b"\0" * 500_000)
    with pytest.raises(Unreadable, match="unpacks to too much"):
        open_roster(write(tmp_path, bomb.getvalue(), "bomb.xlsx"))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(Unreadable, match="neither"):
        open_roster(write(tmp_path, data.getvalue(), "list.xlsx"))


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NO_PLACES = '<row r="1"><c><v>1</v></c></row><row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>"
NO_NUMBERS = "<row><c><v>1</v></c></row>" * 30_000 + "<row>" + "<c><v>1</v></c>" * 1_000 + "</row>"


def by_hand(folder: Path, cells: str, sheet: str = "worksheets/sheet1.xml") -> Path:
    """A workbook with one sheet, which lies under ``sheet``."""
    path = folder / "by-hand.xlsx"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}">'
            '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        for rels, kind, target in [
            ("_rels/.rels", "officeDocument", "xl/workbook.xml"),
            ("xl/_rels/workbook.xml.rels", "worksheet", sheet),
        ]:
            archive.writestr(
                rels,
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/></Relationships>',
            )
        archive.writestr(f"xl/{sheet}", cells if cells.startswith("<worksheet") else SHEET.format(cells))
    return path


@pytest.mark.parametrize(
    ("cells", "sheet"),
    [
        (FAR, "worksheets/sheet1.xml"),
        (FAR, "sheets/s1.xml"),
        (FAR, "Worksheets/sheet1.xml"),
        (FAR, "worksheets/sheet1.XML"),
        (FAR, "worksheets/sheet1"),
        (NO_PLACES, "worksheets/sheet1.xml"),
        (NO_NUMBERS, "worksheets/sheet1.xml"),
        (
            SHEET.format(FAR).replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="),
            "worksheets/sheet1.xml",
        ),
        (FAR.replace("XFD1048576", "AAAA1048576"), "worksheets/sheet1.xml"),
        (
            '<row><c r="A1"><v>1</v></c></row><row><c r="A99999999"><v>1</v></c></row>',
            "worksheets/sheet1.xml",
        ),
    ],
)
def test_however_a_cell_gets_far_away_the_workbook_is_refused(tmp_path: Path, cells: str, sheet: str) -> None:
    with pytest.raises(Unreadable, match="far away"):
        container.check_workbook(by_hand(tmp_path, cells, sheet))


def test_a_part_that_goes_on_after_its_stated_end_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path, "<worksheet>" + " " * 64 + SHEET.format(FAR))
    harmless = b"<worksheet>" + b" " * 64
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    data = path.read_bytes()
    stated = struct.pack("<LLL", part.CRC, part.compress_size, part.file_size)
    forged = struct.pack("<LLL", zlib.crc32(harmless), part.compress_size, len(harmless))
    assert data.count(stated) == 2
    path.write_bytes(data.replace(stated, forged))
    with pytest.raises(Unreadable, match=r"far away|damaged"):
        container.check_workbook(path)


def test_a_long_text_in_thousands_of_cells_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path, '<row><c t="s"><v>0</v></c></row>' * 5_000)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(tmp_path / "long.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            strings = f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
            new.writestr(
                name, text.replace("</Relationships>", strings) if "workbook.xml.rels" in name else text
            )
        new.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 1_000_000}</t></si></sst>")
    with pytest.raises(Unreadable, match="unpacks to too much"):
        container.check_workbook(tmp_path / "long.xlsx")


@pytest.mark.parametrize(("most", "reading"), [("MOST_MEMORY", 12 << 20), ("MOST_SECONDS", 0.0)])
def test_reading_that_would_go_beyond_its_bounds_is_not_begun_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: str, reading: float
) -> None:
    path = workbook(tmp_path / "list.xlsx")
    assert rehearsal.fits(path)
    monkeypatch.setattr(rehearsal, most, reading)
    assert not rehearsal.fits(path)


@pytest.mark.parametrize("sheet", ["worksheets/sheet1.xml", "sheets/s1.xml", "Worksheets/sheet1.xml"])
def test_a_sheet_is_read_wherever_it_lies(tmp_path: Path, sheet: str) -> None:
    inline = "<c t='inlineStr'><is><t>{}</t></is></c>".format
    cells = f"<row>{inline('企业名称')}{inline('电话')}</row><row>{inline('甲纺织厂')}{inline('1')}</row>"
    roster = open_roster(by_hand(tmp_path, cells, sheet))
    assert [(row.number, row.cells) for row in roster.rows()] == [(2, ("甲纺织厂", "1"))]
