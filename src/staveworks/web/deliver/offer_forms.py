"""An offer as its provider fills it in, to and from its document."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django import forms

from staveworks.db.clock import database_today
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.checking import LAPSED
from staveworks.trade.catalogue.mechanisms import name_of
from staveworks.trade.catalogue.types import Document
from staveworks.web.deliver.offer_fields import ABOUT, offer_fields
from staveworks.web.deliver.offer_shown import shown_of, whole
from staveworks.web.deliver.price_fields import (
    PricedForm,
    list_of,
    object_of,
    price_fields,
    price_initial,
    ratio_of,
)
from staveworks.web.deliver.terms_fields import TermsFields
from staveworks.web.language import said

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
        document = whole(document)
        self.terms = _terms(document, ways, data)
        asked = {name: value for each in self.terms.values() for name, value in each.initial.items()}
        super().__init__(data, initial=shown_of(document) | asked)
        self.document, self.register = document, register
        steps = list_of(object_of(document.get("cancellation")).get("steps"))
        self.steps = range(_rows(steps, STEPS))
        self.certificates = range(_rows(list_of(document.get("certificates")), CERTIFICATES))
        self.fields.update(offer_fields(register, home, document.get("city"), self.steps, self.certificates))
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
        if "publish" in self.data:
            self._refuse_lapsed(given)
        return given

    def _refuse_lapsed(self, given: dict[str, Any]) -> None:
        """Together with the other faults: the document, which refuses it too, is only read when there are none."""
        for n in self.certificates:
            until = given.get(f"certificate_until_{n}")
            if given.get(f"certificate_{n}") and until and until < database_today():
                self.add_error(f"certificate_until_{n}", said(LAPSED))

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


def _terms(
    document: Mapping[str, Any], ways: Mapping[str, Mapping[str, Any]], data: Any
) -> dict[str, TermsFields]:
    """What stands in the document are the terms of the way of delivery that it names."""
    own = object_of(document.get("terms"))
    return {
        code: TermsFields(code, schema, own if code == document.get("mechanism") else {}, data)
        for code, schema in ways.items()
    }


def _rows(found: list[Any], least: int) -> int:
    return min(max(least, len(found)), MOST)


def _since(least: Decimal | None) -> Document:
    """Only where it is said, as the document has it."""
    return {} if least is None else {"effects_from": format(least.normalize(), "f")}


def _paired(zh: str, en: str) -> list[Document]:
    """Lines of both languages side by side; a line that is empty in one of them keeps the other's place."""
    left, right = ([line.strip() for line in text.splitlines()] for text in (zh, en))
    pairs = zip_longest(left, right, fillvalue="")
    return [{"zh": a, "en": b} for a, b in pairs if a or b]
