"""`{% load staveworks %}`: two languages, icons, planks, the barrel, fields, states; figures as filters.

Filters for figures are registered from ``web/figures.py``; what a form field looks like stands in ``parts/field.html``.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from staveworks.cluster.barrel import picture
from staveworks.cluster.barrel.published.coding import coded as write_coded
from staveworks.cluster.barrel.published.coding import coded_range
from staveworks.cluster.barrel.types import PeerBand
from staveworks.engine.barrel import LevelSpan
from staveworks.kit.data import data_file
from staveworks.kit.figures import between
from staveworks.kit.planks import Plank, Register, load_register
from staveworks.kit.text import Text, choose_form
from staveworks.web import figures
from staveworks.web.asking import waiting_for
from staveworks.web.forms import drawn, wide_errors
from staveworks.web.icons import ICONS
from staveworks.web.icons import icon as icon_svg
from staveworks.web.ids import unbroken as keep_whole
from staveworks.web.language import current, say
from staveworks.web.plank_names import plank_named
from staveworks.web.rail import lit, tabs_for
from staveworks.web.states import STATES, drawn_state

register = template.Library()
register.filter("say", say)


def _escaped(value: object) -> SafeString:
    shown = say(value)
    return conditional_escape(shown if isinstance(shown, str) else str(shown))


@register.simple_tag
def t(zh: str, en: str, **values: object) -> SafeString:
    """A text in the reader's language; wording is ours and may hold markup, values are escaped."""
    if not values:
        return mark_safe(zh if current() == "zh" else choose_form(en, None))  # noqa: S308
    escaped = {name: _escaped(value) for name, value in values.items()}
    return mark_safe(Text(zh=zh, en=en).say(current(), **escaped))  # noqa: S308


class Both(Node):
    def __init__(self, zh: NodeList, en: NodeList) -> None:
        self.zh, self.en = zh, en

    def render(self, context: Context) -> SafeString:
        return (self.zh if current() == "zh" else self.en).render(context)


@register.tag
def both(parser: Parser, token: Token) -> Both:
    """``{% both %}中文{% en %}English{% endboth %}`` for texts with markup."""
    zh = parser.parse(("en",))
    parser.delete_first_token()
    en = parser.parse(("endboth",))
    parser.delete_first_token()
    return Both(zh, en)


@register.simple_tag
def language() -> str:
    """The page's ``lang``."""
    return "zh-Hans" if current() == "zh" else "en"


@register.simple_tag
def icon(name: str, label: object = "") -> SafeString:
    return mark_safe(icon_svg(name, str(say(label))))  # noqa: S308


@register.filter
def names(value: object) -> SafeString:
    """A proper name, marked so that nobody looks for its translation."""
    return format_html("<span data-names>{}</span>", value)


@register.filter
def unbroken(value: object) -> SafeString:
    """What holds ids, such as ``L-2001``: none of them breaks behind its hyphen."""
    return keep_whole(str(say(value)))


@cache
def _shipped() -> Register:
    return load_register(data_file("planks.yaml"))


@register.simple_tag(takes_context=True)
def plank(context: Context, plank: str | Plank, icon: bool = True) -> SafeString:
    """A plank's icon and name in its colour; an unknown code prints itself."""
    found = plank if isinstance(plank, Plank) else (context.get("register") or _shipped()).get(plank)
    if found is None:
        return _escaped(plank)
    return plank_named(found, current(), icon)


@register.simple_tag
def barrel(view: picture.Barrel, prefix: str = "b") -> SafeString:
    """The barrel, wide and narrow; the stylesheet shows the one that fits its place."""
    drawings = [
        picture.draw(view, current(), size=size, prefix=f"{prefix}-{size[0]}", icons=ICONS)
        for size in ("wide", "narrow")
    ]
    return mark_safe(f'<div class="barrel-frame">{"".join(drawings)}</div>')  # noqa: S308


@register.simple_tag
def barrel_plain(view: picture.Barrel, prefix: str = "p") -> SafeString:
    """The barrel to compare with another: icons and numbers only."""
    return mark_safe(picture.draw(view, current(), size="plain", prefix=prefix, icons=ICONS))  # noqa: S308


@register.simple_tag
def glyph(view: picture.Barrel, width: int = 36) -> SafeString:
    """The barrel for a table row, 24, 36 or 48 px wide."""
    return mark_safe(picture.glyph(view, current(), width))  # noqa: S308


@register.simple_tag
def level_bar(plank: picture.Height, water: float | None = None, iron: bool = False) -> SafeString:
    """One plank's bar: own, lent, unknown, a tick at the water level."""
    return mark_safe(picture.bar(plank, current(), water, iron=iron))  # noqa: S308


@register.inclusion_tag("parts/barrel_table.html")
def barrel_table(view: picture.Barrel) -> dict[str, Any]:
    """The picture's values as a table."""
    return {"barrel": view, "rows": picture.rows(view, current())}


@register.simple_tag
def field(field: BoundField, wide: bool = False) -> SafeString:
    """Label, control, help and error of one form field."""
    return drawn(field, wide=wide)


@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    return {"form": form}


@register.filter
def form_wide_errors(form: BaseForm) -> list[str]:
    return wide_errors(form)


@register.filter
def faulty_fields(form: BaseForm) -> list[BoundField]:
    return [field for field in form if field.errors]


@register.filter
def part_of(field: BoundField) -> object:
    """What a field of several alike is about, such as the product of a price: its form's ``within``."""
    return say(getattr(field.field, "within", ""))


@register.filter
def page_numbers(page: Page[Any]) -> list[int]:
    """The page numbers to print; 0 stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else 0 for number in shown]


@register.filter
def undo_url(tags: str) -> str:
    """The address in a message's extra tags ``undo:/offers/7/restore``; only one of ours."""
    url = next((tag.removeprefix("undo:") for tag in tags.split() if tag.startswith("undo:")), "")
    return url if url.startswith("/") and not url.startswith("//") else ""


@register.simple_tag
def state(kind: str, text: object = "", zh: str = "", en: str = "") -> SafeString:
    """A state as shape and word. Only *yours* is filled: it is the reader's turn."""
    if kind not in STATES:
        raise template.TemplateSyntaxError(f"state {kind!r} is none of {sorted(STATES)}")
    return drawn_state(kind, text or Text(zh=zh, en=en))


@register.inclusion_tag("parts/track.html")
def track(steps: Iterable[tuple[Text, str]]) -> dict[str, Any]:
    """Where an order line stands: (text, done | now | next)."""
    return {"steps": list(steps)}


@register.inclusion_tag("parts/wizard.html")
def wizard(steps: Iterable[tuple[Text, str | None, str]]) -> dict[str, Any]:
    """Named steps of a wizard: (text, url or None, done | now | next)."""
    return {"steps": list(steps)}


@register.inclusion_tag("parts/tabs.html", takes_context=True)
def tabs(context: Context, name: str) -> dict[str, Any]:
    """The tabs of an entry of the rail (``web/rail.py``) on one of their pages; none where there is only one."""
    path, actor = context["request"].path, context["request"].actor
    entries = tabs_for(actor, name)
    now = lit(path, entries)
    counted = [(each, each.count(actor) if each.count else 0, each is now) for each in entries]
    return {"tabs": counted if now and len(counted) > 1 else []}


@register.inclusion_tag("todo/section.html", takes_context=True)
def todo_section(context: Context, limit: int = 5) -> dict[str, Any]:
    """What waits for whoever is here, on her home page: the first few, with the one next action of each."""
    cards = waiting_for(context["request"])
    late = sum(card.late for card in cards)
    return {"cards": cards[:limit], "total": len(cards), "late": late}


@register.inclusion_tag("parts/th.html", takes_context=True)
def th(
    context: Context, sort_key: str = "", zh: str = "", en: str = "", number: bool = False, opt: bool = False
) -> dict[str, Any]:
    """A column's header; with a sort key it is a link that sorts by it, then the other way round."""
    query = context["request"].GET.copy() if sort_key else None
    now = query.get("sort", "") if query is not None else ""
    if query is not None:
        query["sort"] = f"-{sort_key}" if now == sort_key else sort_key
        query.pop("page", None)
    order = {sort_key: "ascending", f"-{sort_key}": "descending"}.get(now) if sort_key else None
    url = "?" + query.urlencode() if query is not None else ""
    return {"label": Text(zh=zh, en=en), "url": url, "order": order, "number": number, "opt": opt}


def _figure(name: str, write: Callable[..., str], *, spoken: bool = False) -> None:
    """Register a filter that prints – for none."""

    def print_figure(value: Any, argument: Any = None) -> str:
        if value is None or value == "":
            return figures.NONE
        shown = value.holds if isinstance(value, picture.Height) else value
        more = [] if argument is None else [argument]
        return write(shown, current(), *more) if spoken else write(shown, *more)

    register.filter(name, print_figure)


for _name in (
    "number",
    "level",
    "mean",
    "points",
    "lift",
    "amount",
    "money",
    "day",
    "clock",
    "moment",
    "period",
    "quantity",
):
    _figure(_name, getattr(figures, _name))
_figure("apart", between)
for _name in ("money_short", "percent", "few", "day_prose"):
    _figure(_name, getattr(figures, _name), spoken=True)


@register.filter
def coded(value: float | None) -> str:
    """A published figure: ``≤10``, ``34``, ``≥90``."""
    return figures.NONE if value is None else write_coded(value)


@register.filter
def peers_band(peers: PeerBand) -> str:
    """The middle half of a firm's peers."""
    return coded_range(peers.low, peers.high)


@register.filter
def reached(value: LevelSpan) -> str:
    """The name of a level, or of the lowest and the highest it may be."""
    low, high = say(value.low_name), say(value.high_name)
    return low if value.low == value.high else f"{low} – {high}"


@register.filter
def dash(value: object) -> object:
    """– for none."""
    return figures.NONE if value is None or value == "" else value
