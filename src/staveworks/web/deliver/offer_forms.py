"""An offer as its provider fills it in, to and from its document."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django import forms

from staveworks.foundation.parties.models import City
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.checking import TAXES
from staveworks.trade.catalogue.documents import document_of, read_document
from staveworks.trade.catalogue.mechanisms import mechanisms, name_of
from staveworks.trade.catalogue.programmes import programmes
from staveworks.trade.catalogue.types import Document, OfferInvalid
from staveworks.web.deliver.price_fields import (
    PricedForm,
    list_of,
    object_of,
    percent_of,
    price_fields,
    price_initial,
    ratio_of,
)
from staveworks.web.deliver.terms_fields import TermsFields
from staveworks.web.language import said
from staveworks.web.words import words

ABOUT = "about"
EFFECTS = {
    "": Text(zh="无关", en="not about it"),
    ABOUT: Text(zh="有关，不说明效果", en="about it, nothing stated"),
    "floor": Text(zh="服务期间至少达到", en="at least, while it runs"),
    "gain": Text(zh="提升，长期有效", en="grows by"),
}
USUAL = {"steps": [{"hours": 24, "ratio": "0"}], "late": "0.5", "no_show": "1"}
"""What a new offer suggests about cancelling."""
STEPS, CERTIFICATES, MOST = 3, 3, 30
"""Rows to fill in; as many as a document has, where it has more; more than ``MOST`` none may have."""
KEPT = ("form",)
"""What the form doesn't show stays as it is."""
PLACES = {
    "title": "title_zh",
    "text": "text_zh",
    "delivers": "delivers_zh",
    "service_level": "service_zh",
    "cancellation": "cancel_hours_0",
    "price": "kind",
}
"""Where the first part of a field's path in the document stands, if not under its own name."""
PRICE = {
    "amount_fen": "amount",
    "unit_price_fen": "each",
    "step_price_fen": "each",
    "unit": "unit_zh",
    "tiers": "tiers",
}


class OfferForm(PricedForm):
    """Everything that an offer says."""

    def __init__(
        self,
        document: Mapping[str, Any],
        *,
        register: Register,
        home: str | None,
        ways: Mapping[str, Mapping[str, Any]],
        data: Any = None,
    ) -> None:
        """``ways``: the terms that each way of delivery asks for, by its code."""
        document = _normal(document)
        self.terms = _terms(document, ways, data)
        asked = {name: value for each in self.terms.values() for name, value in each.initial.items()}
        super().__init__(data, initial=_initial(document) | asked)
        self.document, self.register = document, register
        steps = list_of(object_of(document.get("cancellation")).get("steps"))
        self.steps = range(_rows(steps, STEPS))
        self.certificates = range(_rows(list_of(document.get("certificates")), CERTIFICATES))
        self.fields.update(_fields(register, home, document.get("city"), self.steps, self.certificates))
        for each in self.terms.values():
            self.fields.update(each.fields)

    @property
    def sections(self) -> list[tuple[Text, list[Any], str]]:
        """The fields under their headings, some in one row; the terms of a way of delivery only while it is chosen."""
        what, how, *others = self._sections()
        terms = [
            (name_of(code), list(each.rows(self)), f"mechanism={code}")
            for code, each in self.terms.items()
            if each
        ]
        return [(*what, ""), (*how, ""), *terms, *((*each, "") for each in others)]

    def _sections(self) -> list[tuple[Text, list[Any]]]:
        effects = [[self[f"effect_{code}"], self[f"amount_{code}"]] for code in self.register]
        steps = [[self[f"cancel_hours_{n}"], self[f"cancel_percent_{n}"]] for n in self.steps]
        held = [
            [self[f"certificate_{n}"], self[f"certificate_number_{n}"], self[f"certificate_until_{n}"]]
            for n in self.certificates
        ]
        one = self.__getitem__
        return [
            (
                Text(zh="是什么", en="What it is"),
                [
                    one("title_zh"),
                    one("title_en"),
                    one("text_zh"),
                    one("text_en"),
                    one("delivers_zh"),
                    one("delivers_en"),
                ],
            ),
            (
                Text(zh="怎么交付", en="How it is delivered"),
                [
                    one("mechanism"),
                    one("city"),
                    [one("lead_time_days"), one("acceptance_days")],
                    one("service_zh"),
                    one("service_en"),
                ],
            ),
            (
                Text(zh="补哪块板（至少一块）", en="Which planks (at least one)"),
                [*effects, one("effects_from")],
            ),
            (Text(zh="价格", en="Price"), price_rows(self)),
            (Text(zh="取消", en="Cancelling"), [*steps, [one("cancel_late"), one("cancel_no_show")]]),
            (
                Text(zh="资质（没有可不填）、补贴、税", en="Certificates (if any), vouchers, tax"),
                [*held, one("programmes"), one("tax")],
            ),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for code, each in self.terms.items():
            for name in each.idle(self) if code == given.get("mechanism") else each.fields:
                self.errors.pop(name, None)
        return given

    def content(self) -> Document:
        """The document that the fields say."""
        given = self.cleaned_data
        said = {code: given[f"effect_{code}"] for code in self.register if given[f"effect_{code}"]}
        return {
            "title": {"zh": given["title_zh"], "en": given["title_en"]},
            "text": {"zh": given["text_zh"], "en": given["text_en"]},
            "delivers": _paired(given["delivers_zh"], given["delivers_en"]),
            "mechanism": given["mechanism"],
            "city": given["city"] or None,
            "planks": list(said),
            "effects": [
                {"plank": code, "kind": kind, "amount": given[f"amount_{code}"]}
                for code, kind in said.items()
                if kind != ABOUT
            ],
            **_since(given["effects_from"]),
            "price": self.price(),
            "groups": self.groups(),
            "lead_time_days": given["lead_time_days"],
            "service_level": {"zh": given["service_zh"], "en": given["service_en"]},
            "acceptance_days": given["acceptance_days"],
            "cancellation": self._cancellation(),
            "certificates": self._certificates(),
            "programmes": given["programmes"],
            "tax": given["tax"],
            "terms": self.terms[given["mechanism"]].said(self),
            **{key: self.document.get(key) for key in KEPT},
        }

    def _cancellation(self) -> Document:
        given = self.cleaned_data
        pairs = [(given[f"cancel_hours_{n}"], given[f"cancel_percent_{n}"]) for n in self.steps]
        steps = [
            {"hours": hours, "ratio": ratio_of(percent or Decimal(0))}
            for hours, percent in pairs
            if hours is not None
        ]
        return {
            "steps": steps,
            "late": ratio_of(given["cancel_late"]),
            "no_show": ratio_of(given["cancel_no_show"]),
        }

    def _certificates(self) -> list[Document]:
        given = self.cleaned_data
        held = (object_of(each) for each in list_of(self.document.get("certificates")))
        names = [object_of(each.get("name")) for each in held]
        old = {str(name.get("zh")): name for name in names}
        found = []
        for n in self.certificates:
            name, until = given[f"certificate_{n}"], given[f"certificate_until_{n}"]
            if name:
                number = given[f"certificate_number_{n}"]
                day = until.isoformat() if until else None
                found.append(
                    {"name": old.get(name, {"zh": name, "en": name}), "number": number, "valid_until": day}
                )
        return found

    def field_of(self, path: str | None) -> str | None:
        """Which field shows ``path`` of the document; None: none does."""
        first, _, rest = (path or "").partition(".")
        parts = rest.split(".")
        if first == "terms":
            return self.terms[self.cleaned_data["mechanism"]].field_of(rest)
        if first == "price":
            return PRICE.get(parts[0], "kind" if parts[0] not in self.fields else parts[0])
        if first == "groups":
            return f"group_{parts[0]}" if rest else "group_member"
        if first == "certificates" and rest:
            filled = [n for n in self.certificates if self.cleaned_data.get(f"certificate_{n}")]
            return f"certificate{'_until' if parts[-1] == 'valid_until' else ''}_{filled[int(parts[0])]}"
        if first == "effects" and rest:
            given = self.cleaned_data
            stated = [code for code in self.register if given.get(f"effect_{code}") not in ("", ABOUT, None)]
            return f"amount_{stated[int(parts[0])]}" if int(parts[0]) < len(stated) else None
        if first == "planks":
            return f"effect_{next(iter(self.register))}"
        if first in ("title", "text") and rest == "en":
            return f"{first}_en"
        name = PLACES.get(first, first)
        return name if name in self.fields else None


class PriceForm(PricedForm):
    """Only the price."""

    def __init__(self, document: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data, initial=price_initial(document))
        self.fields.update(price_fields())

    @property
    def rows(self) -> list[Any]:
        return price_rows(self)


def price_rows(form: forms.Form) -> list[Any]:
    """The fields of a price, in rows; a row is shown for the kinds of price that it names."""

    def row(kinds: str, *names: str) -> dict[str, Any]:
        marks = " ".join(f"for-{kind}" for kind in kinds.split())
        return {"marks": marks, "fields": [form[name] for name in names]}

    return [
        form["kind"],
        row("fixed", "amount"),
        row("per_unit tiered", "unit_zh", "unit_en"),
        row("per_unit time", "each"),
        row("tiered", "mode"),
        row("tiered", "tiers"),
        row("per_unit tiered", "minimum", "step"),
        row("time", "step_minutes", "minimum_minutes"),
        row("fixed per_unit time tiered", "group_member", "group_elsewhere", "group_guest"),
    ]


def _fields(
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
        "delivers_zh": _long(words("交付物，每行一样", "Deliverables in Chinese, one a line"), 3000, 3),
        "delivers_en": _long(
            words("交付物（英文），每行一样", "Deliverables in English, one a line"), 9000, 3
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
            label=words("买到多少才有上面的效果", "From what quantity the effects hold"),
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
            label=words("更晚取消，收 %", "Later, % of the price"),
            help_text=words(
                "您接单以前取消，总是不收费。还没定时间的，按第一行；没有第一行，不收费。",
                "Cancelling is always free before you confirm. While no time is fixed the first row holds; without one it is free.",
            ),
            **percent,
        ),
        "cancel_no_show": forms.DecimalField(
            label=words("没有来，收 %", "Not coming, % of the price"), **percent
        ),
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


def _terms(
    document: Mapping[str, Any], ways: Mapping[str, Mapping[str, Any]], data: Any
) -> dict[str, TermsFields]:
    """What stands in the document are the terms of the way of delivery that it names."""
    own = object_of(document.get("terms"))
    return {
        code: TermsFields(code, schema, own if code == document.get("mechanism") else {}, data)
        for code, schema in ways.items()
    }


def _normal(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A complete document with everything that it leaves to be understood said; one that isn't complete as it is."""
    try:
        return document_of(read_document(document))
    except OfferInvalid:
        return document


def _rows(found: list[Any], least: int) -> int:
    return min(max(least, len(found)), MOST)


def _initial(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show of a document, complete or not: of a draft anything may be missing or of another shape."""

    def both(key: str, zh: str, en: str) -> dict[str, Any]:
        said = object_of(document.get(key))
        return {zh: said.get("zh", ""), en: said.get("en", "")}

    delivers = [object_of(each) for each in list_of(document.get("delivers"))]
    cancellation = object_of(document.get("cancellation"))
    shown = {
        **both("title", "title_zh", "title_en"),
        **both("text", "text_zh", "text_en"),
        **both("service_level", "service_zh", "service_en"),
        "delivers_zh": "\n".join(_line(each.get("zh")) for each in delivers),
        "delivers_en": "\n".join(_line(each.get("en")) for each in delivers),
        "mechanism": document.get("mechanism"),
        "city": document.get("city") or "",
        **{f"effect_{code}": ABOUT for code in list_of(document.get("planks"))},
        "effects_from": document.get("effects_from"),
        "lead_time_days": document.get("lead_time_days", 3),
        "acceptance_days": document.get("acceptance_days", 7),
        "programmes": list_of(document.get("programmes")),
        "tax": document.get("tax", "services"),
        "cancel_late": percent_of(cancellation.get("late", "1")),
        "cancel_no_show": percent_of(cancellation.get("no_show", "1")),
        **price_initial(document),
    }
    for effect in map(object_of, list_of(document.get("effects"))):
        plank = effect.get("plank")
        shown |= {f"effect_{plank}": effect.get("kind"), f"amount_{plank}": effect.get("amount")}
    for n, step in enumerate(map(object_of, list_of(cancellation.get("steps")))):
        shown |= {
            f"cancel_hours_{n}": step.get("hours"),
            f"cancel_percent_{n}": percent_of(step.get("ratio")),
        }
    for n, held in enumerate(map(object_of, list_of(document.get("certificates")))):
        name = object_of(held.get("name"))
        shown |= {
            f"certificate_{n}": name.get("zh") or name.get("en"),
            f"certificate_number_{n}": held.get("number"),
            f"certificate_until_{n}": held.get("valid_until"),
        }
    return shown


def _since(least: Decimal | None) -> Document:
    """Only where it is said, as the document has it."""
    return {} if least is None else {"effects_from": format(least.normalize(), "f")}


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


def _paired(zh: str, en: str) -> list[Document]:
    """Lines of both languages side by side; a line that is empty in one of them keeps the other's place."""
    left, right = ([line.strip() for line in text.splitlines()] for text in (zh, en))
    pairs = zip_longest(left, right, fillvalue="")
    return [{"zh": a, "en": b} for a, b in pairs if a or b]


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())
