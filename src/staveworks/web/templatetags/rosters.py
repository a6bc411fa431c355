"""``{% load rosters %}``: small filters of the pages of lists."""

from collections.abc import Mapping
from typing import Any

from django import template

from staveworks.foundation.rosters.columns import FIELDS
from staveworks.kit.text import Text

register = template.Library()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """``mapping[key]``, None if there is none."""
    return mapping.get(key)


@register.filter
def field_label(code: str) -> Text:
    """What a field of a list is called."""
    return FIELDS.get(code, Text(zh=code, en=code))
