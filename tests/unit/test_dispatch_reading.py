"""Everything that is wrong with a problem's files is told at once, by table, row and column; and every format says the same."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter

from staveworks.engine.dispatch import BadProblem, read_problem
from tests.dispatching import GOLDEN, Tables, able, centre, line, problem_of, tables


def write_csv(given: Tables, folder: Path, *, mark: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "problem.json").write_text(json.dumps(given["problem"]), "utf-8")
    for name, rows in given.items():
        if name == "problem":
            continue
        with (folder / f"{name}.csv").open(
            "w", encoding="utf-8-sig" if mark else "utf-8", newline=""
        ) as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_parquet(given: Tables, folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    (folder / "problem.json").write_text(json.dumps(given["problem"]), "utf-8")
    for table_name, rows in given.items():
        if table_name != "problem":
            columns = list(dict.fromkeys(key for row in rows for key in row))
            table = pa.table({name: [row.get(name) for row in rows] for name in columns})
            pq.write_table(table, folder / f"{table_name}.parquet")
    return folder


def write_json(given: Tables, folder: Path) -> Path:
    folder.mkdir()
    (folder / "all.json").write_text(json.dumps(given), "utf-8")
    return folder / "all.json"


def write_book(given: Tables, folder: Path) -> Path:
    folder.mkdir()
    with xlsxwriter.Workbook(str(folder / "all.xlsx")) as book:
        sheet = book.add_worksheet("problem")
        settings = {**given["problem"], "operations": ";".join(given["problem"]["operations"])}
        fair = settings.pop("fairness", {})
        for row, (key, value) in enumerate(
            {**settings, **{f"fairness.{k}": v for k, v in fair.items()}}.items()
        ):
            sheet.write_row(row, 0, [key, value])
        for name, rows in given.items():
            if name != "problem":
                sheet, header = (
                    book.add_worksheet(name),
                    list(dict.fromkeys(key for row in rows for key in row)),
                )
                sheet.write_row(0, 0, header)
                for place, row in enumerate(rows, 1):
                    sheet.write_row(place, 0, [row.get(key, "") for key in header])
    return folder / "all.xlsx"


def rich() -> Tables:
    """Something of everything."""
    given = tables(
        lines=[
            line("a", certificates="iso9001; oeko-tex", allowed_firms="Hua Mao;Jiang Nan"),
            line("007", blocked_firms="Hua Mao"),
        ],
        capabilities=[able("looms", 3, setup_hours=0.5), able("east", 5), able("west", 6)],
        commitments=[
            {
                "line": "a",
                "lot": 0,
                "step": 0,
                "work_centre": "looms",
                "bucket": 0,
                "quantity": 2,
                "status": "started",
            },
            {
                "line": "a",
                "lot": 0,
                "step": 1,
                "work_centre": "east",
                "bucket": 1,
                "quantity": 2,
                "status": "planned",
            },
        ],
    )
    given["problem"] |= {"fairness": {"share": 0.5, "penalty": 2.5}, "stability": 0.25, "frozen": 1}
    given["capacity"][0] |= {"working_hours": 60}
    given["capacity"][1] |= {"working_hours": 0}
    return given


def as_plain(thing: Any) -> Any:
    if isinstance(thing, np.ndarray):
        return thing.tolist()
    if hasattr(thing, "__slots__"):
        return {name: as_plain(getattr(thing, name)) for name in thing.__slots__}
    return list(thing) if isinstance(thing, tuple | list) else thing


@pytest.mark.parametrize("write", [write_parquet, write_json, write_book])
def test_the_same_tables_are_the_same_problem_in_every_format(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    given = rich()
    from_csv = read_problem(write_csv(given, tmp_path / "csv"))
    assert as_plain(read_problem(write(given, tmp_path / "other"))) == as_plain(from_csv)
    assert from_csv.lines.ids == ["a", "007"]
    assert from_csv.certificates == ["iso9001", "oeko-tex"]
    assert from_csv.lines.certificates.tolist() == [[3], [0]]
    assert from_csv.lines.allowed.firm.tolist() == [0, 1]
    assert from_csv.lines.blocked.start.tolist() == [0, 0, 1]
    assert from_csv.capabilities.setup_hours.tolist() == [0.5, 0, 0]
    assert from_csv.work_centres.working_hours is not None
    assert from_csv.work_centres.working_hours.ravel()[:3].tolist() == [60, 0, np.inf], "said, none, not said"
    assert (from_csv.stability, from_csv.frozen) == (0.25, 1)


def test_a_mark_before_the_text_and_columns_in_another_order_do_not_matter(tmp_path: Path) -> None:
    given = rich()
    plain = read_problem(write_csv(given, tmp_path / "plain"))
    turned = {
        name: [dict(reversed(row.items())) for row in rows] if name != "problem" else rows
        for name, rows in given.items()
    }
    assert as_plain(read_problem(write_csv(turned, tmp_path / "marked", mark=True))) == as_plain(plain)


@pytest.mark.parametrize(("name", "operations"), [("d1000-1", 1), ("d1000-3", 3)])
def test_the_published_problems_are_read(name: str, operations: int) -> None:
    problem = read_problem(GOLDEN / name)
    assert (len(problem.lines), len(problem.firms), len(problem.cities)) == (1_000, 120, 8)
    assert (problem.buckets, len(problem.operations)) == (12, operations)
    assert problem.lines.quantity[0] > 0


def faults(path: Path) -> list[tuple[str, int | None, str | None, str]]:
    with pytest.raises(BadProblem) as caught:
        read_problem(path)
    assert all(fault.text.zh and fault.text.zh != fault.text.en for fault in caught.value.faults)
    return [(fault.table, fault.row, fault.column, fault.text.en) for fault in caught.value.faults]


def with_row(name: str, place: int, **changes: Any) -> Tables:
    given = rich()
    given[name][place] = {**given[name][place], **changes}
    return given


def with_more(name: str, *rows: dict[str, Any]) -> Tables:
    given = rich()
    return {**given, name: [*given[name], *rows]}


def committed(**changes: Any) -> dict[str, Any]:
    start = {
        "line": "007",
        "lot": 0,
        "step": 0,
        "work_centre": "looms",
        "bucket": 1,
        "quantity": 2,
        "status": "pinned",
    }
    return {**start, **changes}


WRONG: dict[str, tuple[Tables, tuple[str, int | None, str | None, str]]] = {
    "unknown city of transport": (with_row("transport", 1, to="Wenzhou"), ("transport", 3, "to", "“Wenzhou” is not in cities.")),
    "negative transport": (with_row("transport", 0, cost=-1), ("transport", 2, "cost", "-1 is less than 0.")),
    "half a bucket of lag": (with_row("transport", 0, lag=0.5), ("transport", 2, "lag", "“0.5” is not a whole number.")),
    "a pair twice": (with_more("transport", rich()["transport"][0]), ("transport", 4, "to", "The same as row 2.")),
    "home is elsewhere": (
        with_more("transport", {"from": "Keqiao", "to": "Keqiao", "cost": 1, "lag": 0}),
        ("transport", 4, "cost", "A city to itself costs 0 and takes 0."),
    ),
    "a weight that is no number": (with_row("families", 0, weight="heavy"), ("families", 2, "weight", "“heavy” is not a number.")),
    "endless holding": (with_row("families", 0, hold_cost="inf"), ("families", 2, "hold_cost", "“inf” is not a finite number.")),
    "a family without a route": (
        with_more("families", {"id": "coat", "weight": 1, "hold_cost": 0}),
        ("families", 3, "id", "This family has no route."),
    ),
    "a step is missing": (
        with_row("routes", 1, step=2),
        ("routes", 3, "step", "Steps count 0, 1, 2 … without a gap; step 1 is missing."),
    ),
    "a circle": (
        with_more("routes", {"family": "shirt", "route": "usual", "step": 2, "operation": "weaving"}),
        ("routes", 4, "operation", "The route comes back to “weaving”, which it had already."),
    ),
    "a step twice": (
        with_more("routes", {"family": "shirt", "route": "usual", "step": 1, "operation": "weaving"}),
        ("routes", 4, "step", "The same as row 3."),
    ),
    "unknown operation": (with_row("routes", 0, operation="magic"), ("routes", 2, "operation", "“magic” is not in operations.")),
    "a work centre twice": (
        with_more("work_centres", centre("east", "Xin", "Ningbo", "sewing")),
        ("work_centres", 5, "id", "The same as row 3."),
    ),
    "no firm": (with_row("work_centres", 0, firm=""), ("work_centres", 2, "firm", "Is empty.")),
    "a grade with a fraction": (with_row("work_centres", 0, grade=1.5), ("work_centres", 2, "grade", "“1.5” is not a whole number.")),
    "negative hours": (with_row("capacity", 4, hours=-2), ("capacity", 6, "hours", "-2 is less than 0.")),
    "hours that are no number": (with_row("capacity", 4, hours="nan"), ("capacity", 6, "hours", "“nan” is not a finite number.")),
    "a bucket too far": (with_row("capacity", 4, bucket=3), ("capacity", 6, "bucket", "Bucket 3 is not between 0 and 2.")),
    "a cell twice": (with_row("capacity", 4, bucket=0), ("capacity", 6, "bucket", "The same as row 5.")),
    "work for nothing": (with_row("capabilities", 0, hours=0), ("capabilities", 2, "hours", "0 must be more than 0.")),
    "unknown work centre": (with_row("capabilities", 2, work_centre="south"), ("capabilities", 4, "work_centre", "“south” is not in work_centres.")),
    "a capability twice": (with_more("capabilities", able("looms", 9)), ("capabilities", 5, "family", "The same as row 2.")),
    "a line twice": (with_more("lines", line("a")), ("lines", 4, "id", "The same as row 2.")),
    "nothing wanted": (with_row("lines", 0, quantity=0), ("lines", 2, "quantity", "0 must be more than 0.")),
    "released after the end": (with_row("lines", 0, release=3), ("lines", 2, "release", "Bucket 3 is not between 0 and 2.")),
    "due before the beginning": (with_row("lines", 0, due=-1), ("lines", 2, "due", "-1 is less than 0.")),
    "a negative least lot": (with_row("lines", 0, min_lot=-0.5), ("lines", 2, "min_lot", "-0.5 is less than 0.")),
    "no lot at all": (with_row("lines", 0, max_lots=0), ("lines", 2, "max_lots", "0 is less than 1.")),
    "no price of rejection": (with_row("lines", 0, reject_cost=""), ("lines", 2, "reject_cost", "Is empty.")),
    "unknown family": (with_row("lines", 1, family="hat"), ("lines", 3, "family", "“hat” is not in families.")),
    "unknown blocked firm": (
        with_row("lines", 1, blocked_firms="Hua Mao;Hua Moa"),
        ("lines", 3, "blocked_firms", "“Hua Moa” is not in work_centres.firm."),
    ),
    "a number beyond all measure": (with_row("lines", 0, due=3e9), ("lines", 2, "due", "3000000000.0 is too large.")),
    "unknown status": (
        with_row("commitments", 0, status="begun"),
        ("commitments", 2, "status", "“begun” is none of planned, pinned, started."),
    ),
    "unknown line": (with_row("commitments", 0, line="b"), ("commitments", 2, "line", "“b” is not in lines.")),
    "more placed than wanted": (
        with_more("commitments", committed(quantity=9), committed(lot=1, quantity=4, status="planned", bucket=2)),
        ("commitments", 4, "quantity", "Line “007” has 13 placed, more than its quantity 10."),
    ),
    "more fixed than there are hours": (
        with_more("commitments", committed(bucket=1, quantity=9.9)),
        ("commitments", 4, "bucket", "What is fixed there takes 10.4 hours, more than the 10 of the bucket."),
    ),
    "a lot of two quantities": (
        with_more("commitments", committed(), committed(step=1, work_centre="east", bucket=2, quantity=3)),
        ("commitments", 5, "quantity", "The steps of one lot have different quantities."),
    ),
    "weaving at a sewing shop": (
        with_more("commitments", committed(work_centre="east")),
        ("commitments", 4, "step", "No route of the family has the operations of these work centres at these steps."),
    ),
    "sewn before it has arrived": (
        with_more("commitments", committed(), committed(step=1, work_centre="east", bucket=1)),
        ("commitments", 5, "bucket", "What the step before it made hasn't arrived yet."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_is_told_with_table_row_and_column(tmp_path: Path, case: str) -> None:
    given, wanted = WRONG[case]
    assert wanted in faults(write_csv(given, tmp_path / "p"))


SETTINGS = {
    "no buckets": ({"buckets": None}, "buckets"),
    "half a bucket": ({"buckets": 1.5}, "buckets"),
    "no operations": ({"operations": []}, "operations"),
    "an operation twice": ({"operations": ["weaving", "weaving"]}, "operations"),
    "a promise above all": ({"fairness": {"share": 1.5, "penalty": 1}}, "fairness"),
    "a promise without penalty": ({"fairness": {"share": 0.5}}, "fairness"),
    "negative stability": ({"stability": -1}, "stability"),
    "frozen beyond the end": ({"frozen": 9}, "frozen"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_that_make_no_sense_are_told(tmp_path: Path, case: str) -> None:
    change, column = SETTINGS[case]
    given = tables()
    given["problem"] = {**given["problem"], **change}
    assert faults(write_csv(given, tmp_path / "p"))[0][:3] == ("problem", None, column)


def test_all_faults_of_all_tables_come_at_once(tmp_path: Path) -> None:
    given = with_row("lines", 0, family="hat", quantity="many", due="")
    given["capacity"][0]["hours"] = -1
    folder = write_csv(given, tmp_path / "p")
    (folder / "cities.csv").unlink()
    found = {fault[:3] for fault in faults(folder)}
    assert found == {
        ("cities", None, None),
        ("capacity", 2, "hours"),
        ("lines", 2, "family"),
        ("lines", 2, "quantity"),
        ("lines", 2, "due"),
    }  # and none about cities that can't be looked up


def test_a_missing_column_is_told_once(tmp_path: Path) -> None:
    given = tables()
    for row in given["lines"]:
        del row["late_cost"]
    assert faults(write_csv(given, tmp_path / "p")) == [
        ("lines", None, "late_cost", "This column is missing.")
    ]


def test_a_thousand_faults_are_told_and_the_others_counted(tmp_path: Path) -> None:
    given = tables(lines=[line(f"l{number}", quantity=-1) for number in range(2_500)])
    with pytest.raises(BadProblem) as caught:
        read_problem(write_csv(given, tmp_path / "p"))
    assert (len(caught.value.faults), caught.value.count) == (1_000, 2_500)
    assert caught.value.faults[-1].row == 1_001
    assert "2500" in str(caught.value)


def test_rows_with_cells_too_many_are_told_and_the_rows_after_them_keep_their_numbers(tmp_path: Path) -> None:
    folder = write_csv(tables(), tmp_path / "p")
    text = (folder / "capacity.csv").read_text("utf-8").splitlines()
    text[2:2] = ["looms,1", "", "looms,2,3,4,5"]
    text[7] = text[7].replace("10", "-1")
    (folder / "capacity.csv").write_text("\n".join(text), "utf-8")
    assert [fault[:3] for fault in faults(folder)] == [
        ("capacity", 3, None),
        ("capacity", 5, None),
        ("capacity", 8, "hours"),
    ]


def test_a_file_in_another_encoding_is_told_with_its_row(tmp_path: Path) -> None:
    folder = write_csv(tables(), tmp_path / "p")
    (folder / "work_centres.csv").write_bytes(
        (folder / "work_centres.csv").read_text("utf-8").replace("Jiang Nan", "江南").encode("gbk")
    )
    (told,) = faults(folder)  # and none of what names its work centres, its firms or its routes
    assert told[:3] == ("work_centres", 3, None)
    assert "save it as UTF-8" in told[3]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"problem": 1}', "\xff"])
def test_nonsense_for_json_is_a_fault_and_no_crash(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content, "latin-1")
    told = faults(tmp_path / "p.json")
    assert len(told) == 1 or content == '{"problem": 1}'  # what a file that can't be read lacks isn't told


def test_why_a_file_is_no_json_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"problem": {\n"buckets": }}')
    with pytest.raises(BadProblem) as caught:
        read_problem(tmp_path / "p.json")
    (told,) = caught.value.faults
    assert "line 2" in told.text.en
    assert told.text.zh.startswith("不是完整的 JSON：第 2 行")


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_a_problem_without_a_line_is_a_fault_of_its_lines(tmp_path: Path, write: Any) -> None:
    folder = write(tables(), tmp_path / "p")
    if folder.is_dir():
        (folder / "lines.csv").write_text((folder / "lines.csv").read_text("utf-8").splitlines()[0] + "\n")
    else:
        folder.write_text(json.dumps(tables(lines=[])), "utf-8")
    assert faults(folder) == [("lines", None, None, "There is no line in it.")]


def test_a_bucket_that_is_not_there_doubles_nothing(tmp_path: Path) -> None:
    given = tables()
    given["capacity"][1]["bucket"] = 99
    assert [fault[:3] for fault in faults(write_csv(given, tmp_path / "p"))] == [("capacity", 3, "bucket")]


def test_rows_of_json_that_are_no_objects_are_told(tmp_path: Path) -> None:
    given = tables()
    given["lines"] = [line("a"), 7, line("b", quantity=[1])]
    with pytest.raises(BadProblem) as caught:
        problem_of(given, tmp_path)
    assert {(fault.table, fault.row, fault.column) for fault in caught.value.faults} == {
        ("lines", 2, None),
        ("lines", 3, "quantity"),
    }


def test_a_file_that_is_no_workbook_and_a_place_where_nothing_is_are_told(tmp_path: Path) -> None:
    (tmp_path / "p.xlsx").write_text("hello")
    (tmp_path / "p.txt").write_text("hello")
    for name in ("p.xlsx", "p.txt", "nowhere"):
        assert [fault[0] for fault in faults(tmp_path / name)] == ["problem"]


def test_a_problem_larger_than_the_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = write_csv(tables(), tmp_path / "p")
    head, row = (folder / "lines.csv").read_text("utf-8").splitlines()
    (folder / "lines.csv").write_text(
        "\n".join([head, *[row] * 50_000]), "utf-8"
    )  # ids twice: told only if it were read
    with pytest.raises(BadProblem) as caught:
        read_problem(folder, memory=280 * 2**20)
    assert [(fault.table, fault.row) for fault in caught.value.faults] == [("lines", None)]
    assert "49,9" in caught.value.faults[0].text.en
    assert "memory" in caught.value.faults[0].text.en


def test_memory_that_runs_out_while_reading_is_a_fault_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("staveworks.engine.dispatch.reading.assemble", run_out)
    assert [fault[:3] for fault in faults(write_csv(tables(), tmp_path / "p"))] == [("lines", None, None)]


def test_ids_of_a_sheet_that_look_like_numbers_stay_as_they_are_seen(tmp_path: Path) -> None:
    given = tables(lines=[line("a")])
    given["lines"][0]["id"] = 1001
    assert read_problem(write_book(given, tmp_path / "p")).lines.ids == ["1001"]
