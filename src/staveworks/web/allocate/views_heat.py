"""Where free hours are, by operation, city and week: exactly for operators, as published for everybody else; as XLSX."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from staveworks.kit.industries import Industries, load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.queries import free_heat, published_heat
from staveworks.mechanisms.dispatch.types.heat import Heat, HeatRow, HeatValue
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.figures import few, number
from staveworks.web.language import current, say
from staveworks.web.sheets import Cell, sheet_response

SHADES = 5
TITLE = Text(zh="空闲产能（小时）", en="Free hours")
OPERATION, CITY = Text(zh="工序", en="Operation"), Text(zh="城市", en="City")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is drawn: each value with its shade, 0–5, the more hours the darker."""

    operation: Text
    row: HeatRow
    cells: tuple[tuple[HeatValue, int], ...]
    total: Decimal


@door("capacity.heat")
def heat(request: HttpRequest) -> HttpResponse:
    """The operator's: every figure, the few-firm ones pale."""
    return _page(request, free_heat(actor_of(request)))


@door("figures.read")
def published(request: HttpRequest) -> HttpResponse:
    """Everybody's: what at least five firms stand behind."""
    return _page(request, published_heat(actor_of(request)))


@door("capacity.heat")
def export(request: HttpRequest) -> HttpResponse:
    """Exactly what the page shows."""
    found = free_heat(actor_of(request))
    lines = _chosen(request, _lines(found, load_industries()))
    headers = [say(OPERATION), say(CITY), *(day.isoformat() for day in found.mondays)]
    rows: list[list[Cell]] = [
        [
            say(line.operation),
            say(line.row.city_name),
            *(float(value.hours or 0) for value, _ in line.cells),
        ]
        for line in lines
    ]
    return sheet_response(say(TITLE), headers, rows)


def _page(request: HttpRequest, found: Heat) -> HttpResponse:
    industries = load_industries()
    lines = _lines(found, industries)
    first = [line.cells[0][0].hours or Decimal(0) for line in lines if line.cells]
    chosen = _chosen(request, lines)
    shown = {
        "heat": found,
        "lines": chosen,
        "body": _printed(chosen, found.fewest),
        "chips": _chips(request, found, industries),
        "query": f"?operation={_asked(request)}" if _asked(request) else "",
        "week_hours": sum(first, Decimal(0)),
        "stale": sum((value.stale or Decimal(0) for line in lines for value, _ in line.cells), Decimal(0)),
    }
    return render(request, "allocate/heat.html", shown)


def _printed(lines: list[Line], fewest: int) -> SafeString:
    """The body of the table. Said here and not in the template: it has hundreds of cells."""
    rows = (
        f'<tr><th scope="row">{escape(say(line.operation))}<small data-names>{escape(say(line.row.city_name))}</small></th>'
        f"{''.join(_cell(value, shade, fewest) for value, shade in line.cells)}</tr>"
        for line in lines
    )
    return mark_safe("".join(rows))  # noqa: S308 - names are escaped, the rest is our own


def _cell(value: HeatValue, shade: int, fewest: int) -> str:
    """Pale where fewer than ``fewest`` firms stand behind it."""
    look = "few" if value.firms is None or value.firms < fewest else shade
    hours = f"<small>{escape(few(0, current()))}</small>" if value.hours is None else number(value.hours)
    return f'<td class="num heat-{look}">{hours}</td>'


def _lines(found: Heat, industries: Industries) -> list[Line]:
    most = max((value.hours or Decimal(0) for row in found.rows for value in row.values), default=Decimal(0))
    return [
        Line(
            industries.operations[row.operation].name
            if row.operation in industries.operations
            else Text(row.operation, row.operation),
            row,
            tuple((value, _shade(value.hours, most)) for value in row.values),
            sum((value.hours or Decimal(0) for value in row.values), Decimal(0)),
        )
        for row in found.rows
    ]


def _shade(hours: Decimal | None, most: Decimal) -> int:
    return min(SHADES, -int(-SHADES * hours // most)) if hours and most else 0


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get("operation", "")
    return asked if asked in load_industries().operations else ""


def _chosen(request: HttpRequest, lines: list[Line]) -> list[Line]:
    asked = _asked(request)
    return [line for line in lines if asked in ("", line.row.operation)]


def _chips(request: HttpRequest, found: Heat, industries: Industries) -> list[dict[str, object]]:
    asked = _asked(request)
    counts: dict[str, int] = {}
    for row in found.rows:
        counts[row.operation] = counts.get(row.operation, 0) + 1
    return [
        {
            "label": industries.operations[code].name,
            "url": request.path if code == asked else f"?operation={code}",
            "count": count,
            "current": code == asked,
        }
        for code, count in counts.items()
        if code in industries.operations
    ]
