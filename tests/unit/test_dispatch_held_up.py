"""A run's sentence says what holds its late lines up as the lines themselves say it."""

from datetime import date
from typing import Any

from staveworks.web.allocate.names import Names
from staveworks.web.allocate.why import held_up

NAMES = Names(
    {"cities": {"kq": "柯桥", "nh": "南海"}, "operations": {"dye": "染色", "sew": "缝制"}}, date(2026, 11, 30)
)


def row(why: str, *places: tuple[str, str, float], late: int = 1) -> dict[str, Any]:
    hours = [
        {"kind": "hours", "amount": 5.0, "city": city, "operation": operation, "price": price}
        for city, operation, price in places
    ]
    return {"why": why, "late": late, "changes": hours}


def held(*late: dict[str, Any], lines: int | None = None) -> tuple[str, int, bool] | None:
    told = held_up({"late": late, "summary": {"late_lines": len(late) if lines is None else lines}}, NAMES)
    return told and (told["by"].zh, told["count"], told["all"])


def test_a_late_release_is_not_called_a_short_place() -> None:
    assert held(row("release", ("kq", "dye", 90.0))) == ("放行太晚", 1, True)


def test_the_reason_of_most_lines_stands_with_their_number() -> None:
    lots, full = row("lots"), row("capacity", ("nh", "sew", 50.0), ("kq", "dye", 90.0))
    assert held(lots, full, lots) == ("批量、批次和换产", 2, False)
    assert held(lots, full, full) == ("柯桥的染色", 2, False)


def test_lines_that_are_only_not_made_hold_no_late_line_up() -> None:
    given_up = row("capacity", ("kq", "dye", 90.0), late=0)
    assert held(given_up, given_up, row("release"), lines=1) == ("放行太晚", 1, True)
    assert held(given_up, lines=0) is None


def test_nothing_is_said_where_not_all_late_lines_are_listed() -> None:
    assert held(row("lots"), lines=2) is None
