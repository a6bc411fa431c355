"""Two dates of one rubric side by side: planks or points, and the answers that differ."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.comparing import compare_assessments
from staveworks.cluster.barrel.queries import list_assessments
from staveworks.cluster.barrel.types import AssessmentNotFound, Comparison, PlankChange
from staveworks.engine.barrel import say_answer, sections_of
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.scales import moved_scale
from staveworks.web.doors import door
from staveworks.web.language import current

FULL = 100.0


@door("assessment.read")
def compare(request: HttpRequest) -> HttpResponse:
    """Two assessments by one rubric; unless they are named, the last two by the rubric last used twice."""
    earlier, later = _pair(request)
    comparison = compare_assessments(actor_of(request), earlier=earlier, later=later)
    whole = comparison.water if comparison.later.by_planks else comparison.score
    context: dict[str, Any] = {
        "comparison": comparison,
        "register": register_in_force(),
        "rows": _plank_rows(comparison) if comparison.later.by_planks else _group_rows(comparison),
        "whole": whole,
        "whole_scale": moved_scale(whole.before, whole.after, current()),
        "answers": _changed_answers(comparison),
    }
    return render(request, "diagnose/compare.html", context)


def _pair(request: HttpRequest) -> tuple[UUID, UUID]:
    """Ticked in the list (``with``), or named; put in the order of time."""
    wanted = request.GET.getlist("with") or [request.GET.get("earlier", ""), request.GET.get("later", "")]
    try:
        asked = {UUID(each) for each in wanted if each}
    except ValueError:
        raise AssessmentNotFound from None
    cards = [each for each in list_assessments(actor_of(request)) if each.scored]
    times = Counter(each.rubric for each in cards)
    twice = next((each.rubric for each in cards if times[each.rubric] > 1), "")
    chosen = [each.id for each in cards if (each.id in asked if asked else each.rubric == twice)]
    if len(chosen) < 2:
        raise AssessmentNotFound
    return chosen[1], chosen[0]


def _plank_rows(comparison: Comparison) -> list[tuple[Any, Text, PlankChange, str]]:
    register = register_in_force()
    order = {code: place for place, code in enumerate(register)}
    changes = sorted(comparison.planks, key=lambda plank: order.get(plank.code, len(order)))
    return [
        (
            register.get(each.code),
            Text(zh=each.code, en=each.code),
            each,
            moved_scale(each.before, each.after, current()),
        )
        for each in changes
    ]


def _group_rows(comparison: Comparison) -> list[tuple[Any, Text, PlankChange, str]]:
    """Points, each drawn in percent of its branch's full marks."""
    names = {section.code: section.name for section in sections_of(comparison.rubric)}
    root = comparison.rubric.root
    caps = {branch.node.code: FULL * branch.weight for branch in root.children} if root else {}
    return [
        (
            None,
            names.get(each.code, Text(zh=each.code, en=each.code)),
            each,
            _moved_points(each, caps.get(each.code, FULL)),
        )
        for each in comparison.groups
    ]


def _moved_points(change: PlankChange, cap: float) -> str:
    return moved_scale(_percent(change.before, cap), _percent(change.after, cap), current())


def _percent(points: Interval | None, cap: float) -> Interval | None:
    if points is None:
        return None
    return Interval(*(min(FULL, FULL * end / cap) for end in (points.low, points.likely, points.high)))


def _changed_answers(comparison: Comparison) -> list[tuple[Any, Text | None, Text | None]]:
    found = []
    for each in comparison.answers:
        leaf = comparison.rubric.answerable.get(each.leaf)
        if leaf:
            before, after = (
                None if value is None else say_answer(leaf, value) for value in (each.before, each.after)
            )
            found.append((leaf, before, after))
    return found
