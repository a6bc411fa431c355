"""Forms on the page of a line: what each side says when it takes a step."""

from typing import Any

from django import forms

from staveworks.trade.orders.domain import LONGEST_REASON
from staveworks.web.order.forms import ReasonForm, fen_of, yuan_field
from staveworks.web.words import words

__all__ = ["AnswerForm", "CancelForm", "DecideForm", "DeliverForm", "DisputeForm", "ReasonForm", "fen_of"]


class DeliverForm(forms.Form):
    """One delivery."""

    text = forms.CharField(
        label=words("交付内容", "What was delivered"),
        help_text=words(
            "填写报告号、批号、数量等，供对方验收时核对。", "Report, lot, amount: what the buyer accepts by."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    quantity = forms.IntegerField(
        label=words("本次交付数量", "Quantity used"),
        help_text=words(
            "仅按数量预留的服务需要填写；留空视为全部用完。",
            "Only where a quantity is reserved; empty: all of it.",
        ),
        min_value=1,
        required=False,
    )
    last = forms.BooleanField(
        label=words("交付完毕，请对方验收", "That is all: ask the buyer to accept"),
        required=False,
        initial=True,
    )


class CancelForm(forms.Form):
    """Why, if she likes to say; the fee that was shown."""

    reason = forms.CharField(label=words("理由", "Reason"), max_length=400, required=False)
    agreed_fee_fen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class DisputeForm(ReasonForm):
    """What is wrong, and what stands all the same."""

    stands_fen = yuan_field("您认可的金额（元）", "What stands of the price (yuan)")


class AnswerForm(forms.Form):
    """The provider's say."""

    text = forms.CharField(
        label=words("您的答复", "Your answer"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(ReasonForm):
    """The part that stands, and why."""

    accepted_fen = yuan_field("裁定支付金额（元）", "What stands of the price (yuan)")


class Nothing(forms.Form):
    """A step without words."""


def yuan_as_fen(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed in yuan, as the use cases take it."""
    return {
        name: fen_of(value) if name in ("stands_fen", "accepted_fen") else value
        for name, value in given.items()
    }
