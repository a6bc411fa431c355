"""``{% load scored %}``: the bars on the result page of a rubric without planks."""

from django import template
from django.utils.safestring import SafeString

from staveworks.engine.barrel import GroupScore
from staveworks.kit.intervals import Interval
from staveworks.web.diagnose.needs import Need
from staveworks.web.diagnose.scales import share_bar, step_bar
from staveworks.web.diagnose.scored import Step
from staveworks.web.language import current, say

register = template.Library()


@register.simple_tag
def need_bar(need: Need) -> SafeString:
    """What is there, in percent of what is wanted."""
    return share_bar(need.share, say(need.label), current())


@register.simple_tag
def points_bar(group: GroupScore) -> SafeString:
    """The points of a branch, in percent of its full marks."""
    cap = group.cap or 1.0
    low, likely, high = (
        min(100.0, 100 * end / cap) for end in (group.points.low, group.points.likely, group.points.high)
    )
    return share_bar(Interval(low, likely, high), say(group.name), current())


@register.simple_tag(name="step_bar")
def step_bar_tag(step: Step) -> SafeString:
    """The steps of a question, filled up to its own, with a line before the first that counts."""
    return step_bar(step.reached, step.most, step.next, say(step.question.leaf.name), current())
