"""What is asked: budget, objective, how long it may take."""

from decimal import Decimal
from typing import Any

from django import forms

from staveworks.cluster.prescription.types import OBJECTIVE_TEXTS, Objective
from staveworks.kit.text import Text
from staveworks.web.language import said
from staveworks.web.words import words

USUAL = Decimal(80_000)
HORIZONS = {
    "": Text(zh="不限", en="any time"),
    "31": Text(zh="一个月内", en="within a month"),
    "92": Text(zh="三个月内", en="within three months"),
    "183": Text(zh="半年内", en="within half a year"),
    "366": Text(zh="一年内", en="within a year"),
}

HORIZON_CHOICES = [(days, said(text)) for days, text in HORIZONS.items()]


class BudgetForm(forms.Form):
    """The field names are those of the use case's refusals; the budget is typed in yuan."""

    budget_fen = forms.DecimalField(
        label=words("自己出，最多（元）", "Your own money, at most (yuan)"),
        max_digits=12,
        decimal_places=2,
        initial=USUAL,
        widget=forms.NumberInput(
            attrs={"inputmode": "decimal", "step": "0.01", "min": "0", "class": "budget"}
        ),
    )
    objective = forms.ChoiceField(
        label=words("怎样花", "How to spend it"),
        choices=[(str(each), said(OBJECTIVE_TEXTS[each])) for each in Objective],
        initial=str(Objective.LEVEL),
        widget=forms.RadioSelect,
    )
    horizon_days = forms.ChoiceField(
        label=words("多久之内见效", "How soon it must work"),
        choices=HORIZON_CHOICES,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = str(self["horizon_days"].value() or "")
        if days.isdigit() and days not in HORIZONS:  # asked by a program
            asked = (days, words(f"{days} 天内", f"within {days} day{'' if days == '1' else 's'}"))
            self.fields["horizon_days"].choices = [*HORIZON_CHOICES, asked]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Of a valid form, as the use case takes it."""
        said_days = self.cleaned_data["horizon_days"]
        return {
            "budget_fen": int(self.cleaned_data["budget_fen"] * 100),
            "objective": self.cleaned_data["objective"],
            "horizon_days": int(said_days) if said_days else None,
        }
