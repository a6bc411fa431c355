"""An offer's own form: what it may ask, so that the order's page can draw it, and nothing that reaches out of the document.

A form is written by one organisation and held against what another sends. ``$ref`` would make this server fetch an address of the
writer's choice, ``pattern`` would let it compute for as long as she likes: neither is known here, in writing or in reading.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import create

from staveworks.kit.text import Text
from staveworks.trade.catalogue.types import OfferInvalid

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HELD = (
    *("type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
    *("items", "minItems", "maxItems", "uniqueItems", "properties", "required", "additionalProperties"),
)
"""Keywords that a request is held against; others say nothing, also in a form that was published before."""
WHOLE = ("$schema", "type", "properties", "required", "additionalProperties", "title", "description")
"""Of the form itself, which is an object of fields."""
FIELD = (
    *(key for key in HELD if key not in WHOLE),
    *("type", "title", "description", "default", "format", "x-names"),
    *("x-zh", "x-en", "x-help-zh", "x-help-en", "x-unit-zh", "x-unit-en"),
)
TYPES = ("string", "integer", "number", "boolean", "array")

NOT_ASKED = Text(zh="表单里不能用“{key}”。", en="A form can't use “{key}”.")
NO_FORM = Text(
    zh="表单应为 type 为 object 的 JSON Schema。", en="A form is a JSON Schema of the type object."
)
NO_TYPE = Text(zh="应为其中之一：{types}。", en="Must be one of these: {types}.").format(
    types=", ".join(TYPES)
)
NO_TEXT = Text(zh="应为文字。", en="Must be text.")
NO_NAMES = Text(zh="应写明每个选项的 zh 和 en。", en="Must give the zh and en of options.")
ITS_OWN = Text(
    zh="“{key}”由交付方式自己来问，请换个名字。",
    en="The way of delivery asks “{key}” itself. Choose another name.",
)

Held = create(
    meta_schema=Draft202012Validator.META_SCHEMA,
    validators={key: Draft202012Validator.VALIDATORS[key] for key in HELD},
    type_checker=Draft202012Validator.TYPE_CHECKER,
)


def holding(form: Mapping[str, Any]) -> Validator:
    """What holds a request against a form. It knows no reference, so it fetches nothing, whatever the form says."""
    return Held(form)


def check_form(form: Mapping[str, Any], *, its_fields: Collection[str]) -> None:
    """``its_fields``: what the mechanism asks itself. Raises ``OfferInvalid`` at the keyword, such as ``form.properties.size.pattern``."""
    _only(form, WHOLE, "form")
    if form.get("$schema", DIALECT) != DIALECT:
        raise OfferInvalid(NOT_ASKED.format(key=str(form["$schema"])[:40]), field="form.$schema")
    if form.get("type") != "object" or not isinstance(form.get("additionalProperties", False), bool):
        raise OfferInvalid(NO_FORM, field="form")
    for name, shape in form.get("properties", {}).items():
        if name in its_fields:
            raise OfferInvalid(ITS_OWN.format(key=name), field=f"form.properties.{name}")
        _check_field(shape, f"form.properties.{name}"[:160])


def own_fields(form: Mapping[str, Any] | None, *, its_fields: Collection[str]) -> dict[str, Any]:
    """The offer's own fields, without those that are the mechanism's alone to ask."""
    found = (form or {}).get("properties", {})
    return {name: shape for name, shape in found.items() if name not in its_fields}


def own_needed(form: Mapping[str, Any] | None, *, its_fields: Collection[str]) -> list[str]:
    """Those of them that must be filled in."""
    return [name for name in (form or {}).get("required", ()) if name not in its_fields]


def closed_form(fields: Mapping[str, Any], needed: Sequence[str]) -> dict[str, Any]:
    """A form that takes these fields and nothing else: what isn't asked isn't ordered either."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(fields),
        "required": list(needed),
    }


def _check_field(shape: Any, path: str) -> None:
    if not isinstance(shape, dict):  # true, false: anything, nothing
        raise OfferInvalid(NO_TYPE, field=path)
    _only(shape, FIELD, path)
    types = shape.get("type", "string")
    for each in types if isinstance(types, list) else [types]:
        if each not in TYPES:
            raise OfferInvalid(NO_TYPE, field=f"{path}.type")
    for key, said in shape.items():
        if key.startswith("x-") and key != "x-names" and not isinstance(said, str):
            raise OfferInvalid(NO_TEXT, field=f"{path}.{key}")
    _check_choices(shape, path)
    if "array" in types:
        _check_entries(shape.get("items"), f"{path}.items")


def _check_entries(entries: Any, path: str) -> None:
    """The page asks for them one a line, or for those chosen."""
    if not isinstance(entries, dict) or entries.get("type", "string") != "string":
        raise OfferInvalid(NO_TEXT, field=path)
    _check_field(entries, path)


def _check_choices(shape: Mapping[str, Any], path: str) -> None:
    if not all(isinstance(each, str) for each in shape.get("enum", ())):
        raise OfferInvalid(NO_TEXT, field=f"{path}.enum")
    names = shape.get("x-names", {})
    for each in names.values() if isinstance(names, dict) else [None]:
        if not isinstance(each, dict) or set(each) != {"zh", "en"} or {*map(type, each.values())} != {str}:
            raise OfferInvalid(NO_NAMES, field=f"{path}.x-names")


def _only(shape: Mapping[str, Any], known: Collection[str], path: str) -> None:
    for key in shape:
        if key not in known:
            raise OfferInvalid(NOT_ASKED.format(key=str(key)[:40]), field=f"{path}.{key}"[:200])
