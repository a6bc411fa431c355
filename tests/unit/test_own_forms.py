"""What an offer's own form may ask, and that a form which says more does nothing with it."""

import urllib.request
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from staveworks.trade.catalogue.forms import check_form
from staveworks.trade.catalogue.quoting import quantity_asked
from staveworks.trade.catalogue.requests import check_request
from staveworks.trade.catalogue.types import FixedPrice, OfferInvalid, QuantityInvalid

CHOICES = {"type": "string", "enum": ["red"], "x-names": {"red": {"zh": "红", "en": "Red"}}}
EVIL = "^(a+)+$"


def form(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def test_whatever_the_page_draws_passes() -> None:
    whole = form(
        size={"type": "integer", "minimum": 1, "default": 5, "x-zh": "尺寸", "x-en": "Size"},
        colour=CHOICES,
        colours={"type": "array", "items": CHOICES, "uniqueItems": True},
        samples={"type": "array", "items": {"type": "string", "maxLength": 20}, "minItems": 1},
        day={"type": "string", "format": "date"},
        lot={"type": ["string", "integer"]},
    )
    said = {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["size"]}
    check_form(whole | said | {"additionalProperties": False}, its_fields=["quantity"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (form(a={"$ref": "http://127.0.0.1/secret"}), "form.properties.a.$ref"),
        (form(a={"$dynamicRef": "#a"}), "form.properties.a.$dynamicRef"),
        (form(a={"type": "string", "pattern": EVIL}), "form.properties.a.pattern"),
        (form(a={"type": "array", "items": {"pattern": EVIL}}), "form.properties.a.items.pattern"),
        (form(a={"type": "object", "properties": {}}), "form.properties.a.properties"),
        (form(a={"anyOf": [{}]}), "form.properties.a.anyOf"),
        (form(a=True), "form.properties.a"),
        (form(a={"type": "array"}), "form.properties.a.items"),
        (form(a={"enum": [1]}), "form.properties.a.enum"),
        (form(a={"x-zh": 1}), "form.properties.a.x-zh"),
        (form(a=CHOICES | {"x-names": {"red": "红"}}), "form.properties.a.x-names"),
        (form() | {"patternProperties": {EVIL: {}}}, "form.patternProperties"),
        (form() | {"$id": "http://127.0.0.1/"}, "form.$id"),
        (form() | {"$schema": "http://127.0.0.1/"}, "form.$schema"),
        (form() | {"additionalProperties": {"$ref": "#"}}, "form"),
        ({"properties": {}}, "form"),
        (form(quantity={"type": "integer"}), "form.properties.quantity"),
    ],
)
def test_everything_else_is_refused_at_the_keyword(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(OfferInvalid) as refused:
        check_form(wrong, its_fields=["quantity"])
    assert refused.value.field == field


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_form_from_before_fetches_nothing_and_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def urlopen(request: Any, *_: Any, **__: Any) -> Any:
        asked.append(request)
        raise OSError

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    outside = form(a={"$ref": "http://127.0.0.1:9/secret"})
    for stored in (outside, form(a={"$ref": "#/nowhere"}), form(a={"pattern": EVIL})):
        check_request(stored, {"a": "a" * 60 + "!"})
    assert asked == []
    with pytest.raises(Exception, match="Unresolvable"):
        list(Draft202012Validator(outside).iter_errors({"a": "x"}))
    assert asked, "the control: the library's own validator would have fetched it"


@pytest.mark.parametrize("quantity", ["1E+1000000", 10**30, "1000000000001", "-1", "0", "1x", "NaN"])
def test_a_quantity_that_nobody_can_mean_is_refused_at_its_field(quantity: Any) -> None:
    with pytest.raises(QuantityInvalid) as refused:
        quantity_asked(FixedPrice(1), {"quantity": quantity})
    assert refused.value.field == "quantity"
    assert quantity_asked(FixedPrice(1), {"quantity": 10**12}) == 10**12
