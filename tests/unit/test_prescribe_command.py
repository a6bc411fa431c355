"""``staveworks prescribe`` as others script against it: files in, one JSON object out, no database, no Django."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FIRM = {"planks": {"rnd": 35, "marketing": 40, "inspection": 20}}
OFFERS: list[dict[str, Any]] = [
    {
        "id": "lab",
        "price_fen": 300_000,
        "effects": [{"plank": "rnd", "floor": 70}],
        "voucher": {"ratio": 0.5, "cap_fen": 100_000},
    },
    {
        "id": "test",
        "price_fen": 100_000,
        "effects": [{"plank": "inspection", "gain": 30}],
        "lead_time_days": 7,
    },
    {"id": "shine", "price_fen": 1, "effects": [{"plank": "marketing", "gain": 1}]},
]


@pytest.fixture
def command(tmp_path: Path) -> Any:
    (tmp_path / "firm.json").write_text(json.dumps(FIRM), "utf-8")
    (tmp_path / "offers.json").write_text(json.dumps(OFFERS), "utf-8")

    def run(*options: str, offers: str | None = None) -> "subprocess.CompletedProcess[str]":
        if offers is not None:
            (tmp_path / "offers.json").write_text(offers, "utf-8")
        return subprocess.run(
            [
                *(sys.executable, "-m", "staveworks.cli.main", "prescribe"),
                *("--firm", str(tmp_path / "firm.json"), "--offers", str(tmp_path / "offers.json")),
                *options,
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={"STAVEWORKS_HOME": str(tmp_path / "home"), "PATH": ""},
        )

    return run


def test_the_answer_is_one_json_object_and_nothing_else(command: Any, tmp_path: Path) -> None:
    done = command("--budget", "300000", "--frontier", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert {key: answer[key] for key in ("status", "chosen", "price_fen", "net_fen", "lead_time_days")} == {
        "status": "optimal",
        "chosen": ["lab", "test"],
        "price_fen": 400_000,
        "net_fen": 300_000,
        "lead_time_days": 7,
    }
    assert answer["heights"] == {"rnd": 70, "marketing": 40, "inspection": 50}
    assert (answer["bearing"], answer["water_level"], answer["vector"]) == (50, 40, [40, 50, 70])
    assert answer["explain"]["chosen"][0] == {
        "id": "lab",
        "lifts": {"rnd": {"from": 35, "to": 70}},
        "water_level_without": 35,
    }
    assert [(each["id"], each["why"]) for each in answer["explain"]["not_chosen"]] == [
        ("shine", "over_budget")
    ]
    assert [(point["budget_fen"], point["water_level"]) for point in answer["frontier"]] == [
        (0, 20),
        (100_000, 35),
        (300_000, 40),
        (300_001, 41),
    ]
    assert not (tmp_path / "home").exists()


def test_for_people_it_says_the_same_in_both_languages(command: Any) -> None:
    done = command("--budget", "300000")
    assert "水位 water level   40.0" in done.stdout
    assert "预算 budget        3,000.00 元" in done.stdout, "whoever typed yuan sees it"
    assert "研发设计 R&D 35→70" in done.stdout
    assert "rnd" not in done.stdout
    steps = command("--budget", "300000", "--frontier").stdout.partition("from which budget, which level\n")[
        2
    ]
    assert steps.splitlines()[0].split() == ["0.00", "元", "→", "20.0"]


def test_a_fault_in_a_file_is_one_line_with_its_path(command: Any) -> None:
    done = command("--budget", "1", "--json", offers='[{"id": "x", "price_fen": -1, "effects": []}]')
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("offers[0].price_fen: ")
    broken = command("--budget", "1", "--json", offers="[")
    assert (broken.returncode, broken.stdout, broken.stderr.count("\n")) == (1, "", 1)
    assert "not valid JSON from line 1, column 2 on. 第 1 行第 2 个字符起，不是有效的 JSON。" in broken.stderr
    assert "Expecting" not in broken.stderr


@pytest.mark.parametrize(
    "options", [(), ("--budget", "-1"), ("--budget", "1.5"), ("--budget", "1", "--objective", "x")]
)
def test_wrong_usage_ends_with_2(command: Any, options: tuple[str, ...]) -> None:
    assert command(*options).returncode == 2


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--budget", "1.5"), "--budget 的值不对，应为不小于 0 的整数"),
        (("--budget", "1", "--objective", "x"), "--objective 的值不对，应为其中之一：level、leximin"),
        (("--budget", "1", "--seconds", "0"), "--seconds 的值不对，应为大于 0 的数"),
    ],
)
def test_wrong_usage_says_in_chinese_what_is_wanted(
    command: Any, options: tuple[str, ...], wanted: str
) -> None:
    assert wanted in command(*options).stderr.replace("\n", "")


def test_it_never_loads_django(tmp_path: Path) -> None:
    script = (
        "import sys, staveworks.cli.prescribe, staveworks.engine.prescription; print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
