"""``staveworks dispatch`` as others script against it: files in, files and one JSON object out, no database, no Django."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from staveworks.cli.dispatch import dispatch
from staveworks.engine.dispatch import check_plan, greedy, read_problem, read_result, write_result
from staveworks.engine.dispatch.result import WithLots
from staveworks.engine.dispatch.writing import Format
from tests.dispatching import GOLDEN, line, problem_of, tables

type Run = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process: another one would read its libraries for two seconds each time."""
    (tmp_path / "p.json").write_text(json.dumps(tables()), "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*options: str, problem: str | Path = "p.json") -> Result:
        return CliRunner().invoke(dispatch, ["--problem", str(problem), *options], catch_exceptions=False)

    return run


def test_the_answer_is_one_json_object_and_four_files(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps(tables()), "utf-8")
    (tmp_path / "R").mkdir()
    (tmp_path / "R" / "notes.txt").write_text("mine")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "staveworks.cli.main", "dispatch", "--problem", "p.json"),
            *("--out", "R", "--json", "--seed", "3", "--method", "greedy"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"STAVEWORKS_HOME": str(tmp_path / "home"), "PATH": "", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary == json.loads((tmp_path / "R" / "summary.json").read_text("utf-8"))
    assert summary["objective"] == pytest.approx(90)
    assert summary["costs"]["make"] == pytest.approx(80)
    assert {file.name for file in (tmp_path / "R").iterdir()} == {
        "allocations.csv",
        "prices.csv",
        "lines.csv",
        "summary.json",
        "notes.txt",
    }
    assert (tmp_path / "R" / "allocations.csv").read_text("utf-8").splitlines()[0].replace('"', "") == (
        "line,lot,step,work_centre,bucket,quantity"
    )
    assert not (tmp_path / "home").exists()


def test_the_solver_tells_bound_and_gap_and_its_answer_passes_the_check(command: Run) -> None:
    done = command("--out", "R", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "optimal"
    assert "gap" in done.stderr
    checked = command("--check", "R", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["broken"]) == (0, [])


def test_a_changed_plan_fails_the_check(command: Run, tmp_path: Path) -> None:
    command("--out", "R", "--method", "greedy")
    file = tmp_path / "R" / "allocations.csv"
    file.write_text(file.read_text("utf-8").replace("looms", "west"), "utf-8")
    done = command("--check", "R", "--json")
    assert done.exit_code == 1
    assert "not one route from end to end" in {each["rule"] for each in json.loads(done.stdout)["broken"]}


def test_faults_are_told_on_both_channels_and_nothing_is_written(command: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(
        json.dumps(tables(lines=[line("a", family="hat", quantity=-1)])), "utf-8"
    )
    done = command("--out", "R", "--json", problem="bad.json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["status"], told["count"]) == ("faulty", 2)
    assert [(each["table"], each["row"], each["column"]) for each in told["faults"]] == [
        ("lines", 1, "family"),
        ("lines", 1, "quantity"),
    ]
    assert "lines · row 1 · family" in done.stderr
    assert not (tmp_path / "R").exists()


def test_too_little_memory_is_a_fault(command: Run, tmp_path: Path) -> None:
    done = command("--out", "R", "--json", "--memory-gb", "0.1", problem=GOLDEN / "d1000-1")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["faults"][0]["table"] == "lines"
    assert not (tmp_path / "R").exists()


@pytest.mark.parametrize("options", [(), ("--out", "R", "--check", "."), ("--out", "R", "--format", "pdf")])
def test_wrong_usage_is_two(command: Run, options: tuple[str, ...]) -> None:
    assert command(*options).exit_code == 2


def test_the_answer_never_goes_into_the_folder_of_the_problem(command: Run) -> None:
    done = command("--out", str(GOLDEN / "d1000-1"), problem=GOLDEN / "d1000-1")
    assert done.exit_code == 2
    assert not (GOLDEN / "d1000-1" / "summary.json").exists()


@pytest.mark.slow
def test_ctrl_c_gives_the_best_plan_so_far(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [
            *(sys.executable, "-m", "staveworks.cli.main", "dispatch", "--json"),
            *("--problem", str(GOLDEN / "d1000-1"), "--out", str(tmp_path / "R")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for row in running.stderr:  # the second row of progress: it is searching
        if "%" in row:
            break
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=120)
    assert running.returncode == 0
    problem = read_problem(GOLDEN / "d1000-1")
    assert check_plan(problem, read_result(problem, tmp_path / "R")).broken == ()
    assert json.loads(out)["objective"] > 2_233


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_what_is_written_is_read_back_in_every_format(tmp_path: Path, form: Format) -> None:
    problem = read_problem(GOLDEN / "d1000-3")
    found = greedy(problem)
    with_lots = WithLots(found.prices + 0.5, found.fairness_prices, np.arange(len(problem.lines)) / 7)
    result = replace(found, with_lots=with_lots)
    write_result(problem, result, tmp_path / "R", format=form)
    again = read_result(problem, tmp_path / "R")
    assert [each.rule for each in check_plan(problem, again).broken] == [
        "proven bound is not what it is said to be"
    ]
    digits = 1e-14 if form == "xlsx" else 0.0  # a workbook keeps sixteen
    assert again.allocations.quantity.tolist() == pytest.approx(
        result.allocations.quantity.tolist(), rel=digits
    )
    assert again.lines.why.tolist() == result.lines.why.tolist()
    assert again.objective == result.objective
    assert again.prices.tolist() == result.prices.tolist()
    assert again.with_lots
    assert again.with_lots.lots.tolist() == pytest.approx(with_lots.lots.tolist(), rel=digits)
    priced = problem.work_centres.hours > 0
    assert again.with_lots.hours[priced].tolist() == with_lots.hours[priced].tolist()


def test_a_result_in_another_format_takes_the_place_of_the_former(tmp_path: Path) -> None:
    problem = problem_of(tables(), tmp_path)
    result = greedy(problem)
    write_result(problem, result, tmp_path / "R")
    write_result(problem, result, tmp_path / "R", format="xlsx")
    assert {file.name for file in (tmp_path / "R").iterdir()} == {"result.xlsx", "summary.json"}


def test_a_disk_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(tables(), tmp_path)
    result = greedy(problem)
    write_result(problem, result, tmp_path / "R")
    before = {file.name: file.read_bytes() for file in (tmp_path / "R").iterdir()}

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("staveworks.engine.dispatch.writing._write_tables", fail)
    with pytest.raises(OSError, match="No space"):
        write_result(problem, result, tmp_path / "R")
    assert {file.name: file.read_bytes() for file in (tmp_path / "R").iterdir()} == before


def test_the_command_never_loads_django_nor_arrow_before_it_reads(tmp_path: Path) -> None:
    code = "import sys, staveworks.engine.dispatch; print([m for m in ('django', 'pyarrow', 'highspy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
