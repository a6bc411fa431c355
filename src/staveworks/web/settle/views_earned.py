"""收入: what a provider's lines brought it, month by month, from price to what it gets."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from staveworks.foundation.ledger.queries import list_months
from staveworks.kit.text import Text
from staveworks.trade.settlement.queries import list_earnings
from staveworks.trade.settlement.types import Earning
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.settle.kinds import kind_text
from staveworks.web.settle.views_books import month_asked, month_chips
from staveworks.web.sheets import Cell, sheet_response
from staveworks.web.words import tell

EARNED = Text(zh="收入", en="Earned")
COLUMNS = ("price_fen", "tax_fen", "voucher_fen", "fee_fen", "gets_fen")


def _totals(rows: list[Earning]) -> dict[str, int]:
    return {name: sum(getattr(row, name) for row in rows) for name in COLUMNS}


@door("ledger.read")
def earned(request: HttpRequest) -> HttpResponse:
    """A month's postings of own lines, with their totals."""
    actor, month = actor_of(request), month_asked(request)
    rows = list_earnings(actor, month=month)
    months = list_months(actor)
    shown = {
        "month": month,
        "rows": [(row, kind_text(row.kind)) for row in rows],
        "totals": _totals(rows),
        "chips": month_chips(reverse("earned"), months, month),
        "any": bool(months),
    }
    return render(request, "settle/earned.html", shown)


@door("ledger.read")
def export(request: HttpRequest) -> HttpResponse:
    """The month as it is shown."""
    month = month_asked(request)
    headers = [
        tell("日期", "Day"),
        tell("买方", "Buyer"),
        tell("摘要", "What"),
        tell("价款", "Price"),
        tell("其中税额", "Of it tax"),
        tell("其中补贴", "Of it voucher"),
        tell("平台服务费", "Platform fee"),
        tell("到手", "You get"),
        tell("订单行", "Line"),
    ]
    rows = list_earnings(actor_of(request), month=month)
    return sheet_response(f"{say(EARNED)} {month:%Y-%m}", headers, _cells(rows))


def _cells(rows: list[Earning]) -> Iterator[list[Cell]]:
    for row in rows:
        figures = [getattr(row, name) / 100 for name in COLUMNS]
        yield [f"{row.day:%Y-%m-%d}", say(row.buyer), say(kind_text(row.kind)), *figures, str(row.line_id)]
    totals = _totals(rows)
    yield [tell("合计", "Total"), None, None, *(totals[name] / 100 for name in COLUMNS)]
