"""Gaps of plans as a chart: a row a problem, a mark a solver, a logarithmic axis."""

from html import escape
from math import log10
from typing import Any

COLOURS = {"staveworks": "#b3541e", "greedy": "#7a7a7a", "HiGHS (MILP)": "#2a6f97", "CP-SAT": "#4f772d"}
LEFT, TOP, WIDTH, STEP = 170, 50, 520, 26
LEAST, MOST = 0.01, 100.0
"""Per cent; what is outside is drawn at the edge."""


def draw(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(row["problem"] for row in rows))
    height = TOP + STEP * len(names) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 30} {height}" font-family="sans-serif" font-size="12">',
        "<title>Gap of plans to the best bound, in per cent</title>",
    ]
    for number, (solver, colour) in enumerate(COLOURS.items()):
        at = LEFT + number * 130
        parts.append(
            f'<circle cx="{at}" cy="18" r="5" fill="{colour}"/><text x="{at + 10}" y="22">{solver}</text>'
        )
    for tick in (0.01, 0.1, 1, 10, 100):
        x = _place(tick)
        parts.append(f'<path d="M{x:.1f} {TOP - 10}V{height - 30}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 12}" text-anchor="middle">{tick:g} %</text>')
    for number, name in enumerate(names):
        y = TOP + STEP * number + 8
        parts.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        for row in rows:
            if row["problem"] == name and row["solver"] in COLOURS and row.get("gap_percent") is not None:
                colour = COLOURS[row["solver"]]
                parts.append(
                    f'<circle cx="{_place(row["gap_percent"]):.1f}" cy="{y}" r="5" fill="{colour}"/>'
                )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _place(percent: float) -> float:
    inside = min(max(percent, LEAST), MOST)
    return LEFT + WIDTH * (log10(inside) - log10(LEAST)) / (log10(MOST) - log10(LEAST))
