"""A state as shape and word."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from staveworks.web.language import say

STATES = {"yours", "waiting", "running", "done", "over", "late"}


def drawn_state(kind: str, text: object) -> SafeString:
    """``kind`` is one of ``STATES``. Only *yours* is filled: it is the reader's turn."""
    return format_html('<span class="state state-{}">{}</span>', kind, say(text))
