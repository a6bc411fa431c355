"""What is due is decided by the database's clock: whoever holds, sells, books or posts never reads its own process's."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "staveworks"
BY_THE_DATABASE = (
    "trade",
    "mechanisms",
    "foundation/reservation",
    "foundation/ledger",
    "foundation/rules",
    "cluster/programmes",
    "cluster/prescription",
)
OWN_CLOCK = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def own_clock_in(source: str) -> list[int]:
    """Lines that ask this process for the time. ``timezone.localdate(moment)`` only says which day a moment is."""
    tree = ast.parse(source)
    imported = {
        each.asname or each.name: (node.module.rpartition(".")[2], each.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for each in node.names
    }
    calls = ((_called(node.func, imported), node) for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        node.lineno
        for named, node in calls
        if named in OWN_CLOCK and not (node.args and named[0] == "timezone")
    ]


def _called(function: ast.expr, imported: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """(of what, which), whatever its name is here: ``now`` alone, ``timezone.now``, ``datetime.datetime.now``."""
    match function:
        case ast.Name(name):
            return imported.get(name, ("", name))
        case ast.Attribute(ast.Name(name), which):
            return imported.get(name, ("", name))[1], which
        case ast.Attribute(ast.Attribute(attr=name), which):
            return name, which
    return "", ""


def test_nobody_who_decides_reads_its_own_clock() -> None:
    found = {
        str(path.relative_to(SOURCE)): lines
        for room in BY_THE_DATABASE
        for path in (SOURCE / room).rglob("*.py")
        if (lines := own_clock_in(path.read_text("utf-8")))
    }
    assert found == {}, "use db/clock.py"


@pytest.mark.parametrize(
    "planted",
    [
        "timezone.now()",
        "x = timezone.localdate()",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "from django.utils.timezone import now; now()",
        "from django.utils import timezone as clock; clock.now()",
        "from time import time; time()",
    ],
)
def test_a_planted_look_is_found(planted: str) -> None:
    assert own_clock_in(planted) == [1]
    for said in ("timezone.localdate(moment)", "from datetime import time; time()", "row.now()"):
        assert own_clock_in(said) == []
