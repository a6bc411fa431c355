"""The correction workbook goes out, is mended and comes back."""

from pathlib import Path

import openpyxl

from staveworks.foundation.rosters.headers import REFERENCE_HEADER
from staveworks.foundation.rosters.normalising import Issue
from staveworks.foundation.rosters.reading import open_roster
from staveworks.foundation.rosters.workbook import Correction, write_corrections
from staveworks.kit.text import Text

HEADERS = ["单位名称", "电话", "备注"]
REASON = Text(zh="不是有效的电话号码。", en="This is no valid phone number.")


def written(folder: Path, headers: list[str] = HEADERS) -> Path:
    path = folder / "corrections.xlsx"
    write_corrections(
        path,
        headers,
        [
            Correction(
                "r1:0:4", ["甲纺织厂", "12", '=HYPERLINK("http://x")'], [Issue("phone", 1, "12", REASON)]
            ),
            Correction(
                "r1:0:9",
                ["", "013800000001", "+1"],
                [],
                Text(zh="没有企业名称。", en="The row has no firm name."),
            ),
        ],
    )
    return path


def test_it_comes_back_with_its_references_and_its_own_columns_alone(tmp_path: Path) -> None:
    roster = open_roster(written(tmp_path))
    assert roster.is_correction
    assert roster.sheets[0].headers == tuple(HEADERS)
    assert [(row.reference, row.cells) for row in roster.rows()] == [
        ("r1:0:4", ("甲纺织厂", "12", '=HYPERLINK("http://x")')),
        ("r1:0:9", ("", "013800000001", "+1")),
    ]


def test_the_problem_is_told_in_both_languages_and_the_cell_is_marked(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path)).active
    assert sheet is not None
    assert "电话“12”：不是有效的电话号码。" in str(sheet["A3"].value)
    assert "no valid phone number" in str(sheet["A3"].value)
    assert "未载入" in str(sheet["A4"].value)
    assert sheet["D3"].fill.fgColor.rgb == "FFFFF2B3"
    assert sheet["B2"].value == REFERENCE_HEADER


def test_no_cell_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert not sheet._hyperlinks


def test_a_list_without_headers_comes_back_too(tmp_path: Path) -> None:
    roster = open_roster(written(tmp_path, ["", "", ""]))
    assert roster.is_correction
    assert [row.reference for row in roster.rows()] == ["r1:0:4", "r1:0:9"]


def test_an_ordinary_list_is_no_correction(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("企业名称,电话\n甲厂,1\n", encoding="utf-8")
    assert not open_roster(path).is_correction
