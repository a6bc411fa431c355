"""The fields of an offer."""

from decimal import Decimal
from typing import Any

from django import forms

from staveworks.foundation.parties.models import City
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.checking import TAXES
from staveworks.trade.catalogue.mechanisms import mechanisms
from staveworks.trade.catalogue.programmes import programmes
from staveworks.web.deliver.price_fields import price_fields
from staveworks.web.language import said
from staveworks.web.words import words

ABOUT = "about"
EFFECTS = {
    "": Text(zh="无关", en="not about it"),
    ABOUT: Text(zh="有关，不说明效果", en="about it, nothing stated"),
    "floor": Text(zh="服务期间至少达到", en="at least, while it runs"),
    "gain": Text(zh="提升，长期有效", en="grows by"),
}


def offer_fields(
    register: Register, home: str | None, chosen: Any, steps: range, certificates: range
) -> dict[str, forms.Field]:
    many = forms.CheckboxSelectMultiple
    percent: dict[str, Any] = {"min_value": 0, "max_value": 100, "decimal_places": 2}
    fields: dict[str, forms.Field] = {
        "title_zh": forms.CharField(label=words("名称", "Title, in Chinese"), max_length=80),
        "title_en": forms.CharField(
            label=words("英文名称", "Title, in English"), max_length=240, required=False
        ),
        "text_zh": _long(words("说明", "Description, in Chinese"), 4000, 5),
        "text_en": _long(words("英文说明", "Description, in English"), 12000, 5),
        "delivers_zh": _long(words("交付物，每行一项", "Deliverables in Chinese, one a line"), 3000, 3),
        "delivers_en": _long(
            words("交付物（英文），每行一项", "Deliverables in English, one a line"), 9000, 3
        ),
        "mechanism": forms.ChoiceField(
            label=words("交付方式", "Way of delivery"),
            choices=[(each.code, said(each.name)) for each in mechanisms()],
            widget=forms.RadioSelect,
        ),
        "city": forms.ChoiceField(
            label=words("在哪里", "Where"), required=False, choices=_cities(home, chosen)
        ),
        "lead_time_days": forms.IntegerField(
            label=words("几天内", "Within how many days"), min_value=0, max_value=3650
        ),
        "acceptance_days": forms.IntegerField(
            label=words("交付几天后自动验收", "Accepted by itself after days"), min_value=1, max_value=90
        ),
        "service_zh": forms.CharField(
            label=words("服务承诺", "Service level, in Chinese"), max_length=400, required=False
        ),
        "service_en": forms.CharField(
            label=words("服务承诺（英文）", "Service level, in English"), max_length=1200, required=False
        ),
        "effects_from": forms.DecimalField(
            label=words("效果起算数量", "Effects hold from"),
            help_text=words(
                "按价格的单位；按时间的填分钟，一口价的填次数（订阅填期数）。处方和排序按这么多的价钱算；不填，按最少订。",
                "In the units of the price: minutes where it is by time, orders where it is one price (of a subscription: periods). "
                "Prescriptions and the order by fit reckon with what that costs; empty: the smallest order.",
            ),
            required=False,
            min_value=Decimal("0.001"),
            decimal_places=3,
        ),
        **price_fields(),
        "cancel_late": forms.DecimalField(
            label=words("更晚取消收取 %", "Later, % of the price"),
            help_text=words(
                "您接单以前取消，总是不收费。还没定时间的，按第一行；没有第一行，不收费。",
                "Cancelling is always free before you confirm. While no time is fixed the first row holds; without one it is free.",
            ),
            **percent,
        ),
        "cancel_no_show": forms.DecimalField(label=words("爽约收取 %", "No-show, % of the price"), **percent),
        "programmes": forms.MultipleChoiceField(
            label=words("可用补贴", "Vouchers"),
            choices=[(code, said(each.name)) for code, each in programmes().items()],
            widget=many,
            required=False,
        ),
        "tax": forms.ChoiceField(
            label=words("税目", "Tax"), choices=[(code, said(name)) for code, name in TAXES.items()]
        ),
    }
    kinds = [(code, said(name)) for code, name in EFFECTS.items()]
    for code, plank in register.items():
        name = plank.name
        fields[f"effect_{code}"] = forms.ChoiceField(label=said(name), choices=kinds, required=False)
        fields[f"amount_{code}"] = forms.IntegerField(
            label=said(Text(zh=f"{name.zh}多少分", en=f"{name.en}, points")),
            min_value=1,
            max_value=100,
            required=False,
        )
    for n in steps:
        fields[f"cancel_hours_{n}"] = forms.IntegerField(
            label=words("提前多少小时以上", "At least … hours before"),
            min_value=0,
            max_value=8784,
            required=False,
        )
        fields[f"cancel_percent_{n}"] = forms.DecimalField(
            label=words("收 %", "% of the price"), required=False, **percent
        )
    for n in certificates:
        fields[f"certificate_{n}"] = forms.CharField(
            label=words("资质名称", "Certificate"), max_length=120, required=False
        )
        fields[f"certificate_number_{n}"] = forms.CharField(
            label=words("编号", "Number"), max_length=80, required=False
        )
        fields[f"certificate_until_{n}"] = forms.DateField(
            label=words("有效到", "Valid until"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
    for key, field in fields.items():
        if key.startswith(("effect_", "amount_", "certificate_")):
            field.needed = True  # type: ignore[attr-defined]  # said once, at the head of the group
    return fields


def _cities(home: str | None, chosen: Any) -> list[tuple[str, str]]:
    """Anywhere, the provider's own city, and the one that stands."""
    codes = [code for code in (home, chosen) if code and isinstance(code, str)]
    found = City.objects.filter(code__in=codes).order_by("code")
    named = [(city.code, said(Text(zh=city.name_zh, en=city.name_en))) for city in found]
    return [("", words("不限地点", "Anywhere")), *named]


def _long(label: str, most: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        strip=False,  # the first line may be empty in one language only
        widget=forms.Textarea(attrs={"rows": rows}),
    )
