"""The tutorial's commands give what the tutorial says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("diagnose-your-cluster", "lend-a-stave", "allocate-a-season")


def in_both_languages(name: str) -> list[str]:
    return [(ROOT / "docs" / "tutorials" / f"{name}{each}.md").read_text("utf-8") for each in ("", ".zh")]


TUTORIALS = in_both_languages(NAMES[0])


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, re.S)


PROMISED = [json.loads(block) for block in blocks(TUTORIALS[0], "json")]


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


@pytest.mark.usefixtures("committed")  # a home with a server of its own: test_commands_on_a_database
def test_the_two_lists_load_as_told(tmp_path: Path) -> None:
    lists = ["docs/tutorials/lists/park.csv", "docs/tutorials/lists/fair.csv"]
    assert all(name in tutorial for name in lists for tutorial in TUTORIALS)
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
    assert all(" ".join(command) in tutorial for tutorial in TUTORIALS)
    result = staveworks(*command, home=tmp_path)
    assert {key: result[key] for key in PROMISED[1]} == PROMISED[1]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_give_the_same_commands_and_promise_the_same(name: str) -> None:
    english, chinese = in_both_languages(name)
    assert blocks(english, "json") == blocks(chinese, "json")
    words = "<address of the repository>", "<仓库地址>"
    assert [block.replace(words[0], words[1]) for block in blocks(english, "sh")] == blocks(chinese, "sh")
    headings = [len(re.findall(r"^## ", text, re.MULTILINE)) for text in TUTORIALS]
    assert headings[0] == headings[1]


def test_every_address_in_the_tutorials_and_readmes_is_there() -> None:
    for page in (
        "README.md",
        "README.zh.md",
        *(f"docs/tutorials/{name}{each}.md" for name in NAMES for each in ("", ".zh")),
    ):
        path = ROOT / page
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{page}: {target}"
