"""账目: an organisation's own accounts month by month, one account's statement, exports; the operator closes the books."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from staveworks.foundation.ledger.domain import month_of
from staveworks.foundation.ledger.exporting import Format, book_text, read_book
from staveworks.foundation.ledger.queries import (
    list_closings,
    list_months,
    statement_of,
    trial_balance,
)
from staveworks.foundation.ledger.types import Account, AccountKind, Statement, TrialLine
from staveworks.foundation.ledger.usecases.close_books import close_books
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.trade.settlement.queries import own_lines
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.pages import page_of
from staveworks.web.settle.kinds import kind_text
from staveworks.web.sheets import Cell, sheet_response
from staveworks.web.words import put_error, tell, words

ROWS = 100
MONTHS_SHOWN = 12
BOOKS = Text(zh="账目", en="Books")
Chip = dict[str, object]


def this_month() -> date:
    return timezone.localdate().replace(day=1)


def month_asked(request: HttpRequest) -> date:
    """The month asked for, or this one. Raises ``NotAMonth``."""
    asked = request.GET.get("month", "")
    return month_of(asked) if asked else this_month()


def month_chips(address: str, months: Iterable[date], chosen: date) -> list[Chip]:
    """This month, those with postings, and the one that is shown, the latest first."""
    shown = sorted({this_month(), chosen, *list(months)[:MONTHS_SHOWN]}, reverse=True)
    return [
        {"label": f"{each:%Y-%m}", "url": f"{address}?month={each:%Y-%m}", "current": each == chosen}
        for each in shown
    ]


def account_name(account: Account) -> Text:
    """Its kind, and towards whom."""
    if account.counterparty is None:
        return account.kind.text
    kind, other = account.kind.text, account.counterparty
    return Text(zh=f"{kind.zh} · {other.zh}", en=f"{kind.en} · {other.en}")


def _moving(lines: Iterable[TrialLine], month: date) -> list[TrialLine]:
    """Without accounts on which there is nothing; what is held now belongs to this month."""
    now = month == this_month()
    return [
        line for line in lines if line.opening or line.debits or line.credits or (now and line.account.held)
    ]


def _owed(lines: Iterable[TrialLine], kind: AccountKind) -> int:
    return sum(line.closing for line in lines if line.account.kind == kind and line.account.currency == "CNY")


@door("ledger.read")
def books(request: HttpRequest) -> HttpResponse:
    """The trial balance of a month."""
    actor, month = actor_of(request), month_asked(request)
    lines = _moving(trial_balance(actor, month=month), month)
    currencies = sorted({line.account.currency for line in lines})
    totals = [
        (
            currency,
            sum(line.debits for line in lines if line.account.currency == currency),
            sum(line.credits for line in lines if line.account.currency == currency),
            sum(line.closing for line in lines if line.account.currency == currency),
        )
        for currency in currencies
    ]
    months = list_months(actor)
    shown = {
        "month": month,
        "now": month == this_month(),
        "lines": [(line, account_name(line.account)) for line in lines],
        "totals": totals,
        "foreign": currencies not in ([], ["CNY"]),
        "claims": _owed(lines, AccountKind.RECEIVABLE),
        "debts": -_owed(lines, AccountKind.PAYABLE),
        "chips": month_chips(reverse("books"), months, month),
        "any": bool(months),
        "formats": list(Format),
        "closing": next(iter(list_closings(1)), None),
        "closes": actor.may("ledger.close"),
    }
    return render(request, "settle/books.html", shown)


@door("ledger.read")
def export_books(request: HttpRequest) -> HttpResponse:
    """The trial balance as it is shown."""
    month = month_asked(request)
    lines = _moving(trial_balance(actor_of(request), month=month), month)
    headers = [
        tell("账户", "Account"),
        tell("币种", "Currency"),
        tell("期初余额", "Opening"),
        tell("借方", "Debit"),
        tell("贷方", "Credit"),
        tell("期末余额", "Closing"),
        tell("预留", "Held"),
    ]
    rows: Iterator[list[Cell]] = (
        [
            say(account_name(line.account)),
            line.account.currency,
            *(
                amount / 100
                for amount in (line.opening, line.debits, line.credits, line.closing, line.account.held)
            ),
        ]
        for line in lines
    )
    return sheet_response(f"{say(BOOKS)} {month:%Y-%m}", headers, rows)


@door("ledger.read")
def export_text(request: HttpRequest, program: str) -> HttpResponse:
    """All that is posted, for another program to check."""
    if program not in list(Format):
        raise Http404
    form = Format(program)
    response = HttpResponse(
        book_text(read_book(actor_of(request)), form), content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="books.{form.suffix}"'
    response["Cache-Control"] = "no-store"
    return response


@door("ledger.read")
def statement(request: HttpRequest, book: UUID) -> HttpResponse:
    """One account in a month."""
    actor, month = actor_of(request), month_asked(request)
    whole = statement_of(actor, book, month=month, limit=0)
    page = page_of(
        request.GET.get("page"),
        whole.count,
        lambda start, size: statement_of(actor, book, month=month, offset=start, limit=size).lines,
        size=ROWS,
    )
    shown = {
        "statement": whole,
        "name": account_name(whole.account),
        "page": page,
        "rows": [(line, kind_text(line.kind)) for line in page],
        "own_lines": own_lines(actor, [line.transfer_id for line in page]),
        "chips": month_chips(reverse("statement", args=[book]), list_months(actor, book), month),
        "other": whole.account.currency if whole.account.currency != "CNY" else "",
    }
    return render(request, "settle/statement.html", shown)


@door("ledger.read")
def export_statement(request: HttpRequest, book: UUID) -> HttpResponse:
    """Every line of the month, with the balance after each."""
    whole = statement_of(actor_of(request), book, month=month_asked(request))
    name = f"{say(account_name(whole.account))} {whole.month:%Y-%m}"
    headers = [
        tell("日期", "Day"),
        tell("摘要", "What"),
        tell("借方", "Debit"),
        tell("贷方", "Credit"),
        tell("余额", "Balance"),
        tell("关联", "About"),
        tell("编号", "Number"),
    ]
    return sheet_response(name, headers, _cells(whole))


def _cells(whole: Statement) -> Iterator[list[Cell]]:
    yield [None, tell("期初余额", "Opening balance"), None, None, whole.opening / 100]
    for line in whole.lines:
        yield [
            f"{line.day:%Y-%m-%d}",
            say(kind_text(line.kind)),
            *(None if side is None else side / 100 for side in (line.debit, line.credit)),
            line.balance / 100,
            str(line.subject_id),
            str(line.transfer_id),
        ]
    totals = [each / 100 for each in (whole.debits, whole.credits, whole.closing)]
    yield [None, tell("本月合计，期末余额", "Total of the month, closing balance"), *totals]


class ClosingForm(forms.Form):
    """Until when."""

    through = forms.DateField(
        label=words("结账到（含当天）", "Close through (that day included)"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


@door("ledger.close")
def close(request: HttpRequest) -> HttpResponse:
    """Nothing is posted on that day or before it any more."""
    last = this_month().toordinal() - 1
    form = ClosingForm(request.POST or None, initial={"through": date.fromordinal(last)})
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            closing = close_books(actor_of(request), through=form.cleaned_data["through"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            said = tell(
                "已结账到 {d}，共 {n} 笔账。",
                "Closed through {d}: {n} transfer.|Closed through {d}: {n} transfers.",
                d=f"{closing.through:%Y-%m-%d}",
                n=closing.transfers,
            )
            messages.success(request, said)
            return redirect("books_close")
    shown = {"form": form, "closings": list_closings()}
    return render(request, "settle/close.html", shown, status=status)
