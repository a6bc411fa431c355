"""Forms of the order pages. Money is typed in yuan."""

from decimal import Decimal

from django import forms
from django.http import HttpRequest

from staveworks.trade.orders.domain import LONGEST_REASON
from staveworks.web.words import words

MOST_YUAN = Decimal(10) ** 12
FEN = 100


def yuan_field(zh: str, en: str, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=words(zh, en), min_value=0, max_value=MOST_YUAN, decimal_places=2, required=required
    )


def fen_of(yuan: Decimal) -> int:
    return int(yuan * FEN)


def expected_fen(request: HttpRequest) -> int | None:
    """The sum that was shown beside the button."""
    shown = request.POST.get("expected_fen", "")
    return int(shown) if shown.isdecimal() and len(shown) < 16 else None


class ReasonForm(forms.Form):
    """Why; the other side reads it."""

    reason = forms.CharField(
        label=words("理由", "Reason"),
        help_text=words("对方会看到。", "The other side reads it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LimitForm(forms.Form):
    """The firm's limit for approval; empty: the cluster's rule."""

    limit = yuan_field("超过多少元须审批", "Approval above (yuan)", required=False)
