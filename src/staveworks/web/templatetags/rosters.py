"""``{% load rosters %}``: small filters of the pages of lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from staveworks.foundation.parties.domain import shown_phone
from staveworks.foundation.rosters.columns import FIELDS
from staveworks.kit.text import Text

register = template.Library()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """``mapping[key]``, None if there is none."""
    return mapping.get(key)


@register.filter
def filled(cells: Iterable[str]) -> str:
    """What stands in a row, without its empty cells."""
    return " · ".join(cell for cell in cells if cell)


@register.filter
def field_label(code: str) -> Text:
    """What a field of a list is called."""
    return FIELDS.get(code, Text(zh=code, en=code))


@register.filter
def phone_shown(number: str) -> str:
    return shown_phone(number)


@register.filter
def cell_shown(values: Mapping[str, str], field: str) -> str:
    """What a row says in ``field``; its phones as people write them."""
    said = values.get(field, "")
    return " · ".join(shown_phone(number) for number in said.split()) if field == "phone" else said
