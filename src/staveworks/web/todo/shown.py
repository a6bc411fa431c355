"""What the list of to-dos is narrowed to, in the address; and how much stands under each filter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.todo_queries import first_day
from staveworks.foundation.notices.todo_types import TodoCard, Turn
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """One filter: its name in the address, its words, which cards it shows; ``empty`` is said where there are none."""

    code: str
    label: Text
    shows: Callable[[TodoCard], bool]
    empty: Text


YOURS = Shown(
    "",
    Text(zh="轮到我", en="My turn"),
    lambda card: card.turn is Turn.YOURS,
    Text(zh="没有待办。", en="Nothing to do."),
)
OTHERS = Shown(
    "others",
    Text(zh="同事在办", en="With colleagues"),
    lambda card: card.turn is Turn.WAITING and not card.put_off,
    Text(zh="没有同事接手的事。", en="No colleague has taken anything."),
)
LATER = Shown(
    "later",
    Text(zh="已推后", en="Put off"),
    lambda card: card.put_off,
    Text(zh="没有推后的事。", en="Nothing is put off."),
)
OVER = Shown(
    "done",
    Text(zh="已办完", en="Done"),
    lambda card: card.turn is Turn.OVER,
    Text(zh="还没有办完的事。", en="Nothing has been done yet."),
)
LONG = 6
FILTERS = (YOURS, OTHERS, LATER, OVER)


def shown_of(request: HttpRequest | None) -> Shown:
    """The filter in the address; an unknown one is hers."""
    asked = request.GET.get("show", "") if request else ""
    return next((each for each in FILTERS if each.code == asked), YOURS)


def chips_of(request: HttpRequest, cards: Sequence[TodoCard], now: Shown) -> list[dict[str, Any]]:
    """The filters with what stands under each; what is done isn't counted: it only grows."""
    return [
        {
            "label": each.label,
            "url": f"?{urlencode({'show': each.code})}" if each.code else "?",
            "count": None if each is OVER else sum(map(each.shows, cards)),
            "current": each is now,
        }
        for each in FILTERS
    ]


def kind_chips(request: HttpRequest, cards: Sequence[TodoCard], now: str) -> list[dict[str, Any]]:
    """The kinds of what is shown, where a list is long enough to be narrowed; the chosen one leads back to all."""
    kinds = list(dict.fromkeys(card.kind for card in cards))
    if len(kinds) < 2 or len(cards) < LONG:
        return []
    show = request.GET.get("show", "")
    asked = {"show": show} if show else {}
    return [
        {
            "label": KINDS[kind].name,
            "url": "?" + urlencode(asked if kind == now else {**asked, "kind": kind}),
            "count": sum(card.kind == kind for card in cards),
            "current": kind == now,
        }
        for kind in kinds
    ]


def next_after(cards: Sequence[TodoCard]) -> TodoCard | None:
    """What comes next where nothing is to do now: the first that was put off, or that a colleague has to do."""
    dated = [card for card in cards if card.turn is Turn.WAITING and first_day(card)]
    return min(dated, key=lambda card: str(first_day(card)), default=None)
