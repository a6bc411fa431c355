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
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in OWN_CLOCK
        and not (node.args and node.func.value.id == "timezone")
    ]


def test_nobody_who_decides_reads_its_own_clock() -> None:
    found = {
        str(path.relative_to(SOURCE)): lines
        for room in BY_THE_DATABASE
        for path in (SOURCE / room).rglob("*.py")
        if (lines := own_clock_in(path.read_text("utf-8")))
    }
    assert found == {}, "use db/clock.py"


@pytest.mark.parametrize("planted", ["timezone.now()", "x = timezone.localdate()", "datetime.now(UTC)"])
def test_a_planted_look_is_found(planted: str) -> None:
    assert own_clock_in(planted) == [1]
    assert own_clock_in("timezone.localdate(moment)") == []
