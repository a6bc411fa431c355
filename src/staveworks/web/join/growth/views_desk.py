"""The growth desk: how many firms came how far, week by week, and what is under way to reach more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.funnel import STEPS, FunnelByWeek, Taken, Week, funnel_by_week
from staveworks.foundation.outreach.desk import count_desk
from staveworks.foundation.outreach.domain import covered
from staveworks.foundation.outreach.queries import list_campaigns
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door, in_one_look
from staveworks.web.join.growth.places import city_chips, city_of, named_cities
from staveworks.web.language import say
from staveworks.web.sheets import Cell, sheet_response

EARLIER = Text(zh="更早", en="Earlier")


@door("firm.read")
@in_one_look
def desk(request: HttpRequest) -> HttpResponse:
    actor, city = actor_of(request), city_of(request)
    funnel = _funnel(actor, city)
    earlier, weeks = _numbers(funnel.earlier), funnel.weeks
    may, counts = actor.may("firm.invite"), count_desk(actor, city=city)
    totals = [sum(numbers) for numbers in zip(earlier, *(_numbers(week) for week in weeks), strict=True)]
    shown = {
        "nobody": not city and not totals[0],
        "weeks": [(week, _numbers(week)) for week in reversed(weeks)],
        "steps": STEPS.values(),
        "earlier": earlier,
        "totals": totals,
        "chart": _chart(weeks),
        "cities": city_chips(request, named_cities(actor, counts.cities)),
        "city": city,
        "campaigns": list_campaigns(actor, limit=10),
        "segment": counts.segment if may else None,
        "due": counts.due if may else 0,
        "may": may,
    }
    return render(request, "growth/desk.html", shown)


def _funnel(actor: Actor, city: str) -> FunnelByWeek:
    return funnel_by_week(actor, city=covered(city))


def _numbers(week: Week | Taken) -> tuple[int, ...]:
    return (week.found, week.invited, week.claimed, week.assessed)


def _chart(weeks: list[Week]) -> dict[str, object]:
    """Claims by week: the number that the desk works for."""
    return {
        "labels": [f"{week.begins:%m-%d}" for week in weeks],
        "values": [week.claimed for week in weeks],
        "unit": say(Text(zh="家", en="firms")),
        "x": say(Text(zh="周，自周一起", en="week from Monday")),
        "accent": len(weeks) - 1,
    }


@door("firm.read")
def export(request: HttpRequest) -> HttpResponse:
    """The table as it is shown."""
    headers = [say(Text(zh="周（自周一起）", en="Week from")), *(say(step) for step in STEPS.values())]
    funnel = _funnel(actor_of(request), city_of(request))
    rows: list[list[Cell]] = [[f"{week.begins:%Y-%m-%d}", *_numbers(week)] for week in reversed(funnel.weeks)]
    rows.append([say(EARLIER), *_numbers(funnel.earlier)])
    return sheet_response(say(Text(zh="每周进展", en="Progress by week")), headers, rows)
