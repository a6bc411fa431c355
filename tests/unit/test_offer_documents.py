"""An offer as JSON: what is read back, what is refused and where."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staveworks.engine.prescription import Effect
from staveworks.foundation.reservation.types import Ask
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import document_of, read_document
from staveworks.trade.catalogue.frozen import quote_document, read_quote
from staveworks.trade.catalogue.mechanisms import PricePart, Quote
from staveworks.trade.catalogue.requests import RequestInvalid, check_request
from staveworks.trade.catalogue.types import (
    Cancellation,
    CancellationStep,
    Certificate,
    Group,
    OfferInvalid,
    Tier,
    TieredPrice,
)

WHOLE: dict[str, Any] = {
    "title": {"zh": "涤纶长丝集采", "en": "Polyester filament"},
    "text": {"zh": "按吨交货", "en": "Delivered by the tonne"},
    "delivers": [{"zh": "丝饼", "en": "Cakes"}],
    "mechanism": "plain",
    "city": "330600",
    "planks": ["procurement", "logistics"],
    "effects": [{"plank": "procurement", "kind": "floor", "amount": 70}],
    "form": {"type": "object", "required": ["quantity"], "properties": {"quantity": {"type": "integer"}}},
    "price": {
        "kind": "tiered",
        "mode": "incremental",
        "unit": {"zh": "吨", "en": "t"},
        "minimum": "0.5",
        "step": "0.5",
        "tiers": [{"start": "0", "unit_price_fen": 780_000}, {"start": "20", "unit_price_fen": 750_000}],
    },
    "groups": {"member": "1", "elsewhere": "1.05"},
    "lead_time_days": 3,
    "service_level": {"zh": "48 小时内发货", "en": "Sent within 48 hours"},
    "acceptance_days": 5,
    "cancellation": {"steps": [{"hours": 48, "ratio": "0"}], "late": "0.3", "no_show": "1"},
    "certificates": [
        {"name": {"zh": "OEKO-TEX", "en": "OEKO-TEX"}, "number": "A1", "valid_until": "2027-03-31"}
    ],
    "programmes": ["innovation"],
    "tax": "goods",
    "terms": {"resource": "yarn"},
}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name != key}


def test_a_whole_one_is_read() -> None:
    content = read_document(WHOLE)
    assert content.title == Text(zh="涤纶长丝集采", en="Polyester filament")
    assert content.effects == (Effect("procurement", "floor", 70.0),)
    assert content.price == TieredPrice(
        Text(zh="吨", en="t"),
        "incremental",
        (Tier(Decimal(0), 780_000), Tier(Decimal(20), 750_000)),
        Decimal("0.5"),
        Decimal("0.5"),
    )
    assert content.groups == {Group.MEMBER: Decimal(1), Group.ELSEWHERE: Decimal("1.05")}
    assert content.ratio_for(Group.GUEST) is None
    assert content.cancellation == Cancellation(
        (CancellationStep(48, Decimal(0)),), Decimal("0.3"), Decimal(1)
    )
    assert content.certificates == (Certificate(Text(zh="OEKO-TEX", en="OEKO-TEX"), "A1", date(2027, 3, 31)),)


def test_it_is_written_as_it_was_read() -> None:
    assert document_of(read_document(WHOLE)) == WHOLE


def test_what_may_be_left_out_has_its_default() -> None:
    least = {key: WHOLE[key] for key in ("title", "mechanism", "planks", "price")}
    content = read_document(least)
    assert (content.city, content.groups, content.acceptance_days) == (None, None, 7)
    assert read_document(document_of(content)) == content


def test_from_what_quantity_effects_hold_is_a_quantity_that_can_be_ordered() -> None:
    said = {**WHOLE, "effects_from": "12.5"}
    assert read_document(said).effects_from == Decimal("12.5")
    assert document_of(read_document(said)) == said
    assert read_document(WHOLE).effects_from is None
    fixed = {**WHOLE, "price": {"kind": "fixed", "amount_fen": 30_000}}
    assert read_document({**fixed, "effects_from": "12"}).effects_from == 12
    for price in ({"kind": "quote"}, {"kind": "fixed", "amount_fen": 1}):
        with pytest.raises(OfferInvalid) as refused:
            read_document({**WHOLE, "price": price, "effects_from": "1.5"})
        assert refused.value.field == "effects_from"


def test_one_language_stands_for_both() -> None:
    assert read_document({**WHOLE, "title": {"zh": "集采"}}).title == Text(zh="集采", en="集采")


@pytest.mark.parametrize("key", ["title", "mechanism", "planks", "price"])
def test_what_is_needed_is_asked_for_at_its_field(key: str) -> None:
    with pytest.raises(OfferInvalid) as refused:
        read_document(without(key))
    assert str(refused.value.field).startswith(key)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("titel", {}, "titel"),
        ("title", {"zh": "长" * 81}, "title.zh"),
        ("title", {"zh": 5}, "title.zh"),
        ("planks", [], "planks"),
        ("planks", ["ip", "ip"], "planks.1"),
        ("effects", [{"plank": "ip", "kind": "floor", "amount": 5}], "effects.0.plank"),
        ("effects", [{"plank": "logistics", "kind": "lift", "amount": 5}], "effects.0.kind"),
        ("effects", [{"plank": "logistics", "kind": "gain", "amount": 101}], "effects.0.amount"),
        ("effects", [{"plank": "logistics", "kind": "gain", "amount": True}], "effects.0.amount"),
        ("effects_from", "0", "effects_from"),
        ("effects_from", 12.5, "effects_from"),
        ("effects_from", "0.7", "effects_from"),
        ("form", {"type": "nonsense"}, "form"),
        ("form", [], "form"),
        ("price", {"kind": "free"}, "price.kind"),
        ("price", {"kind": "quote", "amount_fen": 1}, "price.amount_fen"),
        ("price", {"kind": "fixed", "amount_fen": -1}, "price.amount_fen"),
        ("price", {"kind": "fixed", "amount_fen": 1.5}, "price.amount_fen"),
        ("price", {"kind": "fixed", "amount_fen": 1, "unit": {}}, "price.unit"),
        ("price", {**WHOLE["price"], "tiers": []}, "price.tiers"),
        ("price", {**WHOLE["price"], "tiers": [{"start": "5", "unit_price_fen": 1}]}, "price.tiers"),
        ("price", {**WHOLE["price"], "tiers": [*WHOLE["price"]["tiers"], {"start": "3", "unit_price_fen": 1}]}, "price.tiers"),
        ("price", {**WHOLE["price"], "tiers": [{"start": "x", "unit_price_fen": 1}]}, "price.tiers.0.start"),
        ("price", {**WHOLE["price"], "tiers": [{"start": "NaN", "unit_price_fen": 1}]}, "price.tiers.0.start"),
        ("price", {**WHOLE["price"], "step": 0.5}, "price.step"),
        ("price", {**WHOLE["price"], "minimum": "0"}, "price.minimum"),
        ("groups", {}, "groups"),
        ("groups", {"friend": "1"}, "groups.friend"),
        ("groups", {"member": "-1"}, "groups.member"),
        ("lead_time_days", -1, "lead_time_days"),
        ("acceptance_days", 0, "acceptance_days"),
        ("cancellation", {"steps": [{"hours": 1, "ratio": "0.2"}, {"hours": 5, "ratio": "0.3"}]}, "cancellation.steps"),
        ("cancellation", {"steps": [{"hours": 5, "ratio": "0.5"}], "late": "0.2"}, "cancellation.steps"),
        ("cancellation", {"late": "1.1"}, "cancellation.late"),
        ("certificates", [{"name": {"zh": "CMA"}, "valid_until": "31.3.2027"}], "certificates.0.valid_until"),
        ("terms", "none", "terms"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_at_its_field(path: str, value: object, field: str) -> None:
    with pytest.raises(OfferInvalid) as refused:
        read_document({**WHOLE, path: value})
    assert refused.value.field == field


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "zh", "start"]), inner)
    ),
    max_leaves=5,
)


@given(key=st.sampled_from(sorted(WHOLE)), value=values)
def test_whatever_comes_is_read_or_refused_never_anything_else(key: str, value: object) -> None:
    refused: OfferInvalid | None = None
    try:
        read_document({**WHOLE, key: value})
    except OfferInvalid as error:
        refused = error
    assert refused is None or refused.field


class TestRequests:
    form = {
        "type": "object",
        "required": ["samples"],
        "additionalProperties": False,
        "properties": {
            "samples": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "object", "required": ["name"], "properties": {"name": {"minLength": 2}}},
            }
        },
    }

    def test_that_fit_the_form_pass(self) -> None:
        check_request(self.form, {"samples": [{"name": "面料 A"}]})

    @pytest.mark.parametrize(
        ("request_", "field"),
        [
            ({}, "samples"),
            ({"samples": []}, "samples"),
            ({"samples": [{}]}, "samples.0.name"),
            ({"samples": [{"name": "A"}]}, "samples.0.name"),
            ({"samples": [{"name": "面料"}], "tea": 1}, None),
        ],
    )
    def test_that_do_not_are_refused_at_the_field(self, request_: dict[str, Any], field: str | None) -> None:
        with pytest.raises(RequestInvalid) as refused:
            check_request(self.form, request_)
        assert refused.value.field == field


def test_a_quote_is_frozen_and_read_back_whole() -> None:
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    half = Text(zh="30 分钟", en="30 minutes")
    part = PricePart(Text(zh="机时", en="Machine time"), Decimal("1.5"), 6_000, 9_000, half)
    asks = (Ask(new_id(), 2, Span(noon, noon + timedelta(hours=2))), Ask(new_id(), 3))
    terms = Cancellation((CancellationStep(48, Decimal("0.1")),), Decimal("0.5"), Decimal(1))
    quote = Quote((part,), 9_000, asks, terms, 2, noon, None)
    assert read_quote(json.loads(json.dumps(quote_document(quote)))) == quote
    before = quote_document(quote)
    del before["parts"][0]["unit"]
    assert read_quote(before) == replace(quote, parts=(replace(part, unit=None),)), (
        "lines of before have none"
    )
    with pytest.raises(ValueError, match="sum"):
        Quote((part,), 9_001, (), terms)
