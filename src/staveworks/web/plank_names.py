"""A plank by icon and name, in its colour."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from staveworks.kit.planks import Plank
from staveworks.kit.text import Language
from staveworks.web.icons import icon


@lru_cache(maxsize=200)
def plank_named(plank: Plank, language: Language, pictured: bool = True) -> SafeString:
    """Said a hundred times on a page of firms, always the same few."""
    drawing = mark_safe(icon(plank.icon)) if pictured else ""  # noqa: S308
    name = plank.name.in_language(language)
    return format_html('<span class="plank plank-{}">{}<span>{}</span></span>', plank.code, drawing, name)
