"""The tutorial's commands give what the tutorial says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorials" / "diagnose-your-cluster.md").read_text("utf-8")
PROMISED = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TUTORIAL, re.S)]


def staveworks(*arguments: str, home: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "staveworks.cli.main", *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "STAVEWORKS_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "staveworks.config.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_the_two_lists_load_as_told(tmp_path: Path) -> None:
    lists = ["docs/tutorials/lists/park.csv", "docs/tutorials/lists/fair.csv"]
    assert all(name in TUTORIAL for name in lists)
    assert staveworks("import-roster", *lists, "--json", home=tmp_path / "home") == PROMISED[0]


def test_the_eight_answers_give_the_result_told(tmp_path: Path) -> None:
    command = [
        "diagnose",
        "--rubric",
        "staveworks-planks-2026",
        "--answers",
        "docs/tutorials/firm.json",
        "--json",
    ]
    assert " ".join(command) in TUTORIAL
    result = staveworks(*command, home=tmp_path)
    assert {key: result[key] for key in PROMISED[1]} == PROMISED[1]
