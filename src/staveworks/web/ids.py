"""Ids within what is said: never broken behind their hyphens, which a browser does where a line is short."""

import re

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

LONGEST = 24
"""A longer one may break: on a phone it would not fit in a line."""
HYPHENED = re.compile(r"((?:[A-Za-z0-9./]+|\w)(?:-(?:[A-Za-z0-9./]+|\w))+)")


def unbroken(said: str) -> SafeString:
    """The same text, escaped, with each hyphened word in a ``nowrap`` of its own."""
    parts = HYPHENED.split(said)
    if len(parts) == 1:
        return conditional_escape(said)
    shown = (
        (mark_safe('<span class="nowrap">'), part, mark_safe("</span>"))
        if at % 2 and len(part) <= LONGEST
        else ("", part, "")
        for at, part in enumerate(parts)
    )
    return format_html_join("", "{}{}{}", shown)
