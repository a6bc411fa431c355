"""The price of an offer as form fields, and back: yuan for people, fen in the document."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from staveworks.kit.text import Text
from staveworks.trade.catalogue.types import Document, Group
from staveworks.web.language import said
from staveworks.web.words import words

KINDS = {
    "fixed": Text(zh="一口价", en="One price"),
    "per_unit": Text(zh="按数量", en="Per unit"),
    "time": Text(zh="按时间", en="By time"),
    "tiered": Text(zh="阶梯价", en="Tiers"),
    "quote": Text(zh="按需报价", en="On request"),
}
MODES = {
    "all_units": Text(zh="达到哪档，全部按那档", en="The tier reached prices every unit"),
    "incremental": Text(zh="超出部分按下一档", en="Each tier prices what is beyond it"),
}
NEVER_OPTIONAL = ("amount", "each", "unit_zh", "step_minutes", "mode", "tiers")
"""What isn't optional wherever it is shown."""
MUST = {
    "fixed": ("amount",),
    "per_unit": ("unit_zh", "each"),
    "time": ("each", "step_minutes"),
    "tiered": ("unit_zh", "tiers"),
    "quote": (),
}
"""What each kind of price can't do without."""
NEEDED = Text(zh="请填写。", en="Fill this in.")
TIERS_WRONG = Text(
    zh="每行一档：起点 单价，如“100 8.90”。", en="One tier a line: start and price, such as “100 8.90”."
)
MOST_YUAN = 10**10


def price_fields() -> dict[str, forms.Field]:
    """All of them; those of the kind that is chosen are shown, and needed there."""
    fields = _fields()
    for name in NEVER_OPTIONAL:
        fields[name].needed = True  # type: ignore[attr-defined]
    return fields


def _fields() -> dict[str, forms.Field]:
    yuan: dict[str, Any] = {"min_value": 0, "max_value": MOST_YUAN, "decimal_places": 2, "required": False}
    return {
        "kind": forms.ChoiceField(
            label=words("怎么计价", "Kind of price"),
            choices=[(code, said(name)) for code, name in KINDS.items()],
            widget=forms.RadioSelect,
        ),
        "amount": forms.DecimalField(label=words("总价（元）", "Price (yuan)"), **yuan),
        "each": forms.DecimalField(label=words("单价（元）", "Price each (yuan)"), **yuan),
        "unit_zh": forms.CharField(
            label=words("单位，如样、公斤", "Unit, in Chinese"), max_length=20, required=False
        ),
        "unit_en": forms.CharField(
            label=words("单位（英文）", "Unit, in English"), max_length=20, required=False
        ),
        "minimum": forms.DecimalField(
            label=words("最少订", "Least order"), required=False, min_value=Decimal("0.001"), decimal_places=3
        ),
        "step": forms.DecimalField(
            label=words("每次加", "In steps of"), required=False, min_value=Decimal("0.001"), decimal_places=3
        ),
        "step_minutes": forms.IntegerField(
            label=words("每多少分钟", "For each … minutes"), required=False, min_value=1, max_value=527_040
        ),
        "minimum_minutes": forms.IntegerField(
            label=words("最少多少分钟", "At least … minutes"), required=False, min_value=1, max_value=527_040
        ),
        "mode": forms.ChoiceField(
            label=words("怎么算", "How tiers count"),
            choices=[(code, said(name)) for code, name in MODES.items()],
            widget=forms.RadioSelect,
            required=False,
        ),
        "tiers": forms.CharField(
            label=words("各档", "Tiers"),
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
            help_text=said(TIERS_WRONG),
        ),
        **{
            f"group_{group}": forms.DecimalField(
                label=said(Text(zh=f"{group.text.zh}（%）", en=f"{group.text.en} (%)")),
                required=False,
                min_value=0,
                max_value=1000,
                decimal_places=2,
            )
            for group in Group
        },
    }


def price_initial(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show of a document's price and price groups."""
    price = object_of(document.get("price"))
    unit = object_of(price.get("unit"))
    fen = price.get("unit_price_fen", price.get("step_price_fen"))
    groups = document.get("groups")
    shown = {
        "kind": price.get("kind", "fixed"),
        "amount": _yuan(price.get("amount_fen")),
        "each": _yuan(fen),
        "unit_zh": unit.get("zh", ""),
        "unit_en": unit.get("en", ""),
        "minimum": price.get("minimum"),
        "step": price.get("step"),
        "step_minutes": price.get("step_minutes"),
        "minimum_minutes": price.get("minimum_minutes"),
        "mode": price.get("mode", "all_units"),
        "tiers": "\n".join(_tier(object_of(each)) for each in list_of(price.get("tiers"))),
    }
    for group in Group:
        shown[f"group_{group}"] = percent_of("1" if groups is None else object_of(groups).get(str(group)))
    return shown


class PricedForm(forms.Form):
    """A form with the fields of a price."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = given.get("kind", "")
        for name in MUST.get(kind, ()):
            if name not in self.errors and given.get(name) in (None, ""):
                self.add_error(name, NEEDED_WORDS)
        if kind == "tiered" and "tiers" not in self.errors and _tiers(given["tiers"]) is None:
            self.add_error("tiers", said(TIERS_WRONG))
        if not any(given.get(f"group_{group}") is not None for group in Group):
            self.add_error("group_member", NEEDED_WORDS)
        return given

    def price(self) -> Document:
        """As in the document."""
        given = self.cleaned_data
        unit = {"zh": given["unit_zh"], "en": given["unit_en"]}
        amounts = {"minimum": _plain(given["minimum"]), "step": _plain(given["step"])}
        match given["kind"]:
            case "fixed":
                return {"kind": "fixed", "amount_fen": _fen(given["amount"])}
            case "per_unit":
                return {"kind": "per_unit", "unit": unit, "unit_price_fen": _fen(given["each"]), **amounts}
            case "time":
                step = given["step_minutes"]
                return {
                    "kind": "time",
                    "step_minutes": step,
                    "step_price_fen": _fen(given["each"]),
                    "minimum_minutes": given["minimum_minutes"] or step,
                }
            case "tiered":
                tiers = [
                    {"start": _plain(start), "unit_price_fen": _fen(each)}
                    for start, each in _tiers(given["tiers"]) or []
                ]
                return {
                    "kind": "tiered",
                    "unit": unit,
                    "mode": given["mode"] or "all_units",
                    "tiers": tiers,
                    **amounts,
                }
        return {"kind": "quote"}

    def groups(self) -> Document | None:
        """None where everybody pays the price as it stands."""
        given = {str(group): self.cleaned_data[f"group_{group}"] for group in Group}
        if all(percent == 100 for percent in given.values()):
            return None
        return {group: ratio_of(percent) for group, percent in given.items() if percent is not None}


NEEDED_WORDS = said(NEEDED)


def _tiers(text: str) -> list[tuple[Decimal, Decimal]] | None:
    """(start, yuan each) of each line; None where one can't be read."""
    try:
        rows = [
            [Decimal(part) for part in line.replace(",", " ").replace("，", " ").split()]
            for line in text.splitlines()
            if line.strip()
        ]
    except InvalidOperation:
        return None
    wrong = any(len(row) != 2 or not all(p.is_finite() and p >= 0 for p in row) for row in rows)
    return (
        None
        if wrong or any(round(row[1], 2) != row[1] for row in rows)
        else [(row[0], row[1]) for row in rows]
    )


def _tier(tier: Mapping[str, Any]) -> str:
    return f"{tier.get('start', '')} {_yuan(tier.get('unit_price_fen')) or ''}".strip()


def object_of(found: Any) -> Mapping[str, Any]:
    """The object that should stand there; an empty one where something else does."""
    return found if isinstance(found, dict) else {}


def list_of(found: Any) -> list[Any]:
    """The list that should stand there; an empty one where something else does."""
    return found if isinstance(found, list) else []


def percent_of(ratio: Any) -> str | None:
    """A ratio of a document as per cent, exactly; None where it is none."""
    try:
        value = Decimal(str(ratio))
    except InvalidOperation:
        return None
    return _plain(value * 100) if value.is_finite() and 0 <= value <= 10 else None


def ratio_of(percent: Decimal) -> str:
    """Per cent as the document's ratio, exactly."""
    return _plain(percent / 100)


def _fen(yuan: Decimal) -> int:
    return int(yuan * 100)


def _yuan(fen: Any) -> str | None:
    if not isinstance(fen, int):
        return None
    return f"{Decimal(fen) / 100:.2f}"


def _plain(value: Decimal | None) -> str:
    """A decimal as the document has it; one where nothing is said."""
    text = f"{Decimal(1) if value is None else value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
