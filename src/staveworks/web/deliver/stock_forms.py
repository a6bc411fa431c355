"""Forms on the pages of stock: what is kept, a lot that comes in, a count."""

from typing import Any

from django import forms
from django.utils import timezone

from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.types.stock import StockLot
from staveworks.mechanisms.tasks.types.weekly import Weekly
from staveworks.mechanisms.tasks.usecases.keep_stock import (
    LONGEST_NAME,
    LONGEST_NUMBER,
    LONGEST_REASON,
    LONGEST_UNIT,
    MOST,
)
from staveworks.web.words import words

DATE = "%Y-%m-%d"


class StockForm(forms.Form):
    """A good, and in what it is counted."""

    name = forms.CharField(label=words("货名", "Name, in Chinese"), max_length=LONGEST_NAME)
    name_en = forms.CharField(
        label=words("英文货名", "Name, in English"), max_length=LONGEST_NAME, required=False
    )
    unit = forms.CharField(
        label=words("单位", "Unit, in Chinese"),
        help_text=words(
            "公斤、米、件。服务的价格要按同样的单位。", "公斤, 米, 件. The offer is priced by the same unit."
        ),
        max_length=LONGEST_UNIT,
    )
    unit_en = forms.CharField(
        label=words("英文单位", "Unit, in English"),
        help_text=words("kg、m、piece。", "kg, m, piece."),
        max_length=LONGEST_UNIT,
        required=False,
    )

    def name_text(self) -> Text:
        return _both(self, "name")

    def unit_text(self) -> Text:
        return _both(self, "unit")


class WeeklyForm(forms.Form):
    """How much is taken a week."""

    name = forms.CharField(label=words("名称", "Name, in Chinese"), max_length=LONGEST_NAME)
    name_en = forms.CharField(
        label=words("英文名称", "Name, in English"), max_length=LONGEST_NAME, required=False
    )
    units = forms.IntegerField(
        label=words("每周多少", "Units a week"),
        help_text=words(
            "按服务的计价单位；检测按项数；一口价的一单算一。",
            "Units as the offer is priced; of tests each; an order at one price is one.",
        ),
        min_value=1,
        max_value=1_000_000,
    )

    def name_text(self) -> Text:
        return _both(self, "name")


class UnitsForm(forms.Form):
    units = forms.IntegerField(label=words("每周多少", "Units a week"), min_value=1, max_value=1_000_000)

    @classmethod
    def of(cls, weekly: Weekly) -> "UnitsForm":
        return cls(initial={"units": weekly.units}, auto_id=f"{weekly.id}_%s")


class LotForm(forms.Form):
    """One receipt of goods."""

    number = forms.CharField(label=words("批号", "Lot number"), max_length=LONGEST_NUMBER)
    quantity = forms.IntegerField(label=words("数量", "Quantity"), min_value=1, max_value=MOST)
    received_date = forms.DateField(
        label=words("收货日", "Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format=DATE),
        initial=timezone.localdate,
    )
    best_before = forms.DateField(
        label=words("保质期到", "Best before"),
        help_text=words(
            "没有就空着；过了这天不再卖出。", "Empty if none; after that day it is sold no more."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format=DATE),
        required=False,
    )

    def __init__(self, unit: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["quantity"].help_text = unit


class CountForm(forms.Form):
    """What a count found of one lot."""

    counted = forms.IntegerField(
        label=words("实有", "Counted"),
        help_text=words(
            "货架上的数，含已订出还没交的。",
            "What lies on the shelf, with what is sold and not delivered yet.",
        ),
        min_value=0,
        max_value=MOST,
    )
    reason = forms.CharField(label=words("原因", "Why"), max_length=LONGEST_REASON)

    def __init__(self, lot: StockLot, data: Any = None) -> None:
        super().__init__(data, initial={"counted": lot.amounts.there}, auto_id=f"{lot.id}_%s")


def _both(form: forms.Form, field: str) -> Text:
    """The Chinese stands in for an English that wasn't filled in."""
    given = form.cleaned_data
    return Text(zh=given[field], en=given[f"{field}_en"] or given[field])
