"""``{% load allocate %}``: small filters of the dispatch studio."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from staveworks.kit.figures import NONE, number
from staveworks.mechanisms.dispatch.demand_columns import COLUMNS, TABLE_NAMES
from staveworks.web.allocate.sentences import COSTS
from staveworks.web.allocate.shown import percent_of
from staveworks.web.ids import unbroken
from staveworks.web.language import say
from staveworks.web.words import tell

register = template.Library()


@register.filter
def gap(value: float | None) -> str:
    """``0.27%`` in Chinese, ``0.27 %`` in English."""
    return percent_of(value)


@register.filter
def thousands(yuan: float | None) -> str:
    """Yuan without fen: ``18,420,113``."""
    return NONE if yuan is None else number(yuan)


@register.filter
def change(count: int) -> str:
    """``+3``, ``−2``, ``0``."""
    return f"+{number(count)}" if count > 0 else number(count)


@register.filter
def column_label(code: str | None) -> str:
    return say(COLUMNS[code]) if code in COLUMNS else code or NONE


@register.filter
def table_label(name: str) -> str:
    """``产能（capacity）``: what it is, and what its sheet is called."""
    return (
        tell("{what}（{name}）", "{what} ({name})", what=say(TABLE_NAMES[name]), name=name)
        if name in TABLE_NAMES
        else name
    )


@register.filter
def cost_label(kind: str) -> str:
    return say(COSTS[kind]) if kind in COSTS else kind


@register.simple_tag
def refusal(asked: Mapping[str, Any], id_: str) -> SafeString | str:
    """Why a question was refused, below its form; looked at first where no field is to blame."""
    if not asked.get("error"):
        return ""
    look = "" if asked["at"] else mark_safe(' tabindex="-1" autofocus')
    return format_html('<p class="error" role="alert" id="{}"{}>{}</p>', id_, look, unbroken(asked["error"]))


@register.simple_tag
def blamed(asked: Mapping[str, Any], field: str, id_: str) -> SafeString | str:
    """The attributes of the field that is to blame, which is looked at first."""
    if asked.get("at") != field:
        return ""
    return format_html(' aria-invalid="true" aria-describedby="{}" autofocus', id_)
