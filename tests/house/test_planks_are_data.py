"""Planks are data: no branch on a plank code stands in code (the fitness test of ``house.md``)."""

import ast
from pathlib import Path

import pytest

from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register

SOURCE = Path(__file__).parents[2] / "src" / "staveworks"
CODES = set(load_register(data_file("planks.yaml")))


def plank_codes_in(source: str) -> list[tuple[int, str]]:
    """Lines where a plank code is compared, matched or looked up as a literal."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        literals: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            literals = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            literals = [node.value]
        elif isinstance(node, ast.Subscript):
            literals = [node.slice]
        found += [
            (literal.lineno, literal.value)
            for literal in literals
            if isinstance(literal, ast.Constant) and literal.value in CODES
        ]
    return found


def python_files() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if "demo" not in path.parts]


def test_no_code_branches_on_a_plank() -> None:
    offending = {
        str(path.relative_to(SOURCE)): lines
        for path in python_files()
        if (lines := plank_codes_in(path.read_text("utf-8")))
    }
    assert offending == {}


@pytest.mark.parametrize(
    "planted", ['if plank == "rnd": pass', 'x = heights["logistics"]', 'match p:\n case "ip": pass']
)
def test_a_planted_branch_is_found(planted: str) -> None:
    assert plank_codes_in(planted)
