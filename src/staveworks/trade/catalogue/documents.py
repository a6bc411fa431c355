"""An offer's content as JSON and back: how drafts and versions are stored, what the API takes.

Reading refuses what is missing or wrong with the path of the field (``price.tiers.1.unit_price_fen``) and unknown keys, which would
otherwise be misspelt in silence. Decimals are strings, exact: a JSON number with a point is refused.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from staveworks.engine.prescription import Effect
from staveworks.kit.text import Text
from staveworks.trade.catalogue.domain import price_of_effects
from staveworks.trade.catalogue.types import (
    Cancellation,
    CancellationStep,
    Certificate,
    Content,
    Document,
    FixedPrice,
    Group,
    OfferInvalid,
    Price,
    QuantityInvalid,
    QuotePrice,
    Tier,
    TieredPrice,
    TimePrice,
    UnitPrice,
)

NEEDED = Text(zh="请填写。", en="Fill this in.")
UNKNOWN_KEY = Text(zh="没有“{key}”这一项。", en="There is no entry “{key}”.")
WHOLE = Text(zh="应为 {low} 到 {high} 的整数。", en="Must be a whole number from {low} to {high}.")
DECIMAL = Text(
    zh="应为 {low} 到 {high} 的数，写成文字。", en="Must be a number from {low} to {high}, as text."
)
ONE_OF = Text(zh="应为其中之一：{values}。", en="Must be one of these: {values}.")
TOO_LONG = Text(zh="最多 {most} 字。", en="At most {most} characters.")
TOO_MANY = Text(zh="最多 {most} 项。", en="At most {most} entries.")
TWICE = Text(zh="“{value}”出现了两次。", en="“{value}” stands twice.")
NO_DATE = Text(zh="应为日期，如 2027-03-31。", en="Must be a date such as 2027-03-31.")
NO_LIST = Text(zh="应为列表。", en="Must be a list.")
NO_OBJECT = Text(zh="应为对象。", en="Must be an object.")
NO_TEXT = Text(zh="应为文字。", en="Must be text.")
RISING = Text(zh="第一档从 0 起，后面的起点要递增。", en="The first tier starts at 0, each next one higher.")
STEPS = Text(
    zh="提前时间要递减，费用比例不能降低。", en="Hours must fall from step to step, ratios must not."
)
STATED_ELSEWHERE = Text(
    zh="只能写所选板的效果，每块板一条。", en="State effects only for the planks chosen, one for each."
)
NO_QUANTITY = Text(
    zh="按需报价的服务没有数量，写不了“从多少起”。",
    en="What is priced on request has no quantity from which effects could hold.",
)
NO_SCHEMA = Text(zh="不是有效的 JSON Schema（2020-12）。", en="Not a valid JSON Schema (2020-12).")

MOST_FEN = 10**12
MOST_QUANTITY = Decimal(10) ** 9
KEYS = (
    *("title", "text", "delivers", "mechanism", "city", "planks", "effects", "form", "price", "groups"),
    "effects_from",
    *("lead_time_days", "service_level", "acceptance_days", "cancellation", "certificates", "programmes"),
    *("tax", "terms"),
)


def read_document(found: object) -> Content:
    """The content of a complete document. Raises ``OfferInvalid`` at the first field that is missing or wrong."""
    doc = _object(found, "", KEYS)
    planks = tuple(_texts(doc.get("planks"), "planks", least=1))
    return Content(
        title=_words(doc.get("title"), "title", most=80, needed=True),
        text=_words(doc.get("text"), "text", most=4000),
        delivers=tuple(
            _each(doc.get("delivers"), "delivers", lambda v, p: _words(v, p, most=200, needed=True))
        ),
        mechanism=_text(doc.get("mechanism"), "mechanism", most=40, needed=True),
        city=_text(doc.get("city"), "city", most=6) or None,
        planks=planks,
        effects=_effects(doc.get("effects"), planks),
        form=_schema(doc.get("form")),
        price=read_price(doc.get("price")),
        groups=_groups(doc.get("groups")),
        lead_time_days=_whole(doc.get("lead_time_days", 0), "lead_time_days", 0, 3650),
        service_level=_words(doc.get("service_level"), "service_level", most=400),
        acceptance_days=_whole(doc.get("acceptance_days", 7), "acceptance_days", 1, 90),
        cancellation=read_cancellation(doc.get("cancellation")),
        certificates=tuple(_each(doc.get("certificates"), "certificates", _certificate)),
        programmes=tuple(_texts(doc.get("programmes"), "programmes")),
        tax=_text(doc.get("tax", "services"), "tax", most=40, needed=True),
        terms=_free(doc.get("terms"), "terms"),
        effects_from=_effects_from(doc.get("effects_from"), doc.get("price")),
    )


def document_of(content: Content) -> Document:
    """The JSON that ``read_document`` reads back as ``content``."""
    return {
        "title": _said(content.title),
        "text": _said(content.text),
        "delivers": [_said(each) for each in content.delivers],
        "mechanism": content.mechanism,
        "city": content.city,
        "planks": list(content.planks),
        "effects": [
            {"plank": each.plank, "kind": each.kind, "amount": int(each.amount)} for each in content.effects
        ],
        **({} if content.effects_from is None else {"effects_from": str(content.effects_from)}),
        "form": dict(content.form) if content.form is not None else None,
        "price": price_document(content.price),
        "groups": None
        if content.groups is None
        else {str(group): str(ratio) for group, ratio in content.groups.items()},
        "lead_time_days": content.lead_time_days,
        "service_level": _said(content.service_level),
        "acceptance_days": content.acceptance_days,
        "cancellation": cancellation_document(content.cancellation),
        "certificates": [
            {
                "name": _said(each.name),
                "number": each.number,
                "valid_until": each.valid_until.isoformat() if each.valid_until else None,
            }
            for each in content.certificates
        ],
        "programmes": list(content.programmes),
        "tax": content.tax,
        "terms": dict(content.terms) if content.terms is not None else None,
    }


def price_document(price: Price) -> Document:
    """A price as JSON."""
    match price:
        case FixedPrice():
            return {"kind": price.kind, "amount_fen": price.amount_fen}
        case TimePrice():
            return {
                "kind": price.kind,
                "step_minutes": price.step_minutes,
                "step_price_fen": price.step_price_fen,
                "minimum_minutes": price.minimum_minutes,
            }
        case QuotePrice():
            return {"kind": price.kind}
    shared = {"unit": _said(price.unit), "minimum": str(price.minimum), "step": str(price.step)}
    if isinstance(price, UnitPrice):
        return {"kind": price.kind, "unit_price_fen": price.unit_price_fen, **shared}
    tiers = [{"start": str(tier.start), "unit_price_fen": tier.unit_price_fen} for tier in price.tiers]
    return {"kind": price.kind, "mode": price.mode, "tiers": tiers, **shared}


def cancellation_document(terms: Cancellation) -> Document:
    """Cancellation terms as JSON."""
    return {
        "steps": [{"hours": step.hours, "ratio": str(step.ratio)} for step in terms.steps],
        "late": str(terms.late),
        "no_show": str(terms.no_show),
    }


def read_price(found: object, path: str = "price") -> Price:
    """Raises ``OfferInvalid``."""
    kinds: dict[str, Callable[[dict[str, Any], str], Price]] = {
        "fixed": _fixed,
        "per_unit": _per_unit,
        "time": _per_time,
        "tiered": _tiered,
        "quote": _on_request,
    }
    doc = _object(found, path)
    kind = _choice(doc.get("kind"), f"{path}.kind", kinds)
    return kinds[kind](doc, path)


def _on_request(doc: dict[str, Any], path: str) -> QuotePrice:
    _only(doc, path, "kind")
    return QuotePrice()


def _fixed(doc: dict[str, Any], path: str) -> FixedPrice:
    _only(doc, path, "kind amount_fen")
    return FixedPrice(_fen(doc.get("amount_fen"), f"{path}.amount_fen"))


def _per_unit(doc: dict[str, Any], path: str) -> UnitPrice:
    _only(doc, path, "kind unit unit_price_fen minimum step")
    return UnitPrice(
        unit=_words(doc.get("unit"), f"{path}.unit", most=20, needed=True),
        unit_price_fen=_fen(doc.get("unit_price_fen"), f"{path}.unit_price_fen"),
        minimum=_quantity(doc.get("minimum", "1"), f"{path}.minimum"),
        step=_quantity(doc.get("step", "1"), f"{path}.step"),
    )


def _per_time(doc: dict[str, Any], path: str) -> TimePrice:
    _only(doc, path, "kind step_minutes step_price_fen minimum_minutes")
    step = _whole(doc.get("step_minutes"), f"{path}.step_minutes", 1, 60 * 24 * 366)
    return TimePrice(
        step_minutes=step,
        step_price_fen=_fen(doc.get("step_price_fen"), f"{path}.step_price_fen"),
        minimum_minutes=_whole(doc.get("minimum_minutes", step), f"{path}.minimum_minutes", 1, 60 * 24 * 366),
    )


def _tiered(doc: dict[str, Any], path: str) -> TieredPrice:
    _only(doc, path, "kind mode unit tiers minimum step")
    tiers = tuple(_each(doc.get("tiers"), f"{path}.tiers", _tier, least=1))
    starts = [tier.start for tier in tiers]
    if starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):
        raise OfferInvalid(RISING, field=f"{path}.tiers")
    return TieredPrice(
        unit=_words(doc.get("unit"), f"{path}.unit", most=20, needed=True),
        mode=cast("Any", _choice(doc.get("mode"), f"{path}.mode", ("all_units", "incremental"))),
        tiers=tiers,
        minimum=_quantity(doc.get("minimum", "1"), f"{path}.minimum"),
        step=_quantity(doc.get("step", "1"), f"{path}.step"),
    )


def _tier(found: object, path: str) -> Tier:
    doc = _object(found, path, ["start", "unit_price_fen"])
    start = _decimal(doc.get("start"), f"{path}.start", Decimal(0), MOST_QUANTITY)
    return Tier(start, _fen(doc.get("unit_price_fen"), f"{path}.unit_price_fen"))


def _effects(found: object, planks: tuple[str, ...]) -> tuple[Effect, ...]:
    effects = tuple(_each(found, "effects", _effect))
    stated = [effect.plank for effect in effects]
    for place, plank in enumerate(stated):
        if plank not in planks or plank in stated[:place]:
            raise OfferInvalid(STATED_ELSEWHERE, field=f"effects.{place}.plank")
    return effects


def _effect(found: object, path: str) -> Effect:
    doc = _object(found, path, ["plank", "kind", "amount"])
    kind = _choice(doc.get("kind"), f"{path}.kind", ("floor", "gain"))
    amount = _whole(doc.get("amount"), f"{path}.amount", 1, 100)
    return Effect(
        _text(doc.get("plank"), f"{path}.plank", most=40, needed=True), cast("Any", kind), float(amount)
    )


def _effects_from(found: object, priced: object) -> Decimal | None:
    """A quantity that can be ordered."""
    if found is None:
        return None
    price, path = read_price(priced), "effects_from"
    least = _decimal(found, path, Decimal(0), MOST_QUANTITY)
    if isinstance(price, QuotePrice):
        raise OfferInvalid(NO_QUANTITY, field=path)
    if least <= 0 or (isinstance(price, FixedPrice | TimePrice) and least % 1):
        raise OfferInvalid(WHOLE.format(low=1, high=MOST_QUANTITY), field=path)
    try:
        price_of_effects(price, least)
    except QuantityInvalid as error:
        raise OfferInvalid(error.text, field=path) from None
    return least


def _groups(found: object) -> Mapping[Group, Decimal] | None:
    if found is None:
        return None
    doc = _object(found, "groups", [str(group) for group in Group])
    if not doc:
        raise OfferInvalid(NEEDED, field="groups")
    return {
        group: _decimal(doc[group], f"groups.{group}", Decimal(0), Decimal(10))
        for group in Group
        if doc.get(group) is not None
    }


def read_cancellation(found: object) -> Cancellation:
    """Raises ``OfferInvalid``. Nothing said: nothing is owed while no beginning is fixed or the provider hasn't confirmed, else the
    whole price."""
    if found is None:
        return Cancellation()
    doc = _object(found, "cancellation", ["steps", "late", "no_show"])
    steps = tuple(_each(doc.get("steps"), "cancellation.steps", _step))
    late, no_show = (_ratio(doc.get(key, "1"), f"cancellation.{key}") for key in ("late", "no_show"))
    ratios = [*(step.ratio for step in steps), late]
    hours = [step.hours for step in steps]
    if ratios != sorted(ratios) or any(a <= b for a, b in pairwise(hours)):
        raise OfferInvalid(STEPS, field="cancellation.steps")
    return Cancellation(steps, late, no_show)


def _step(found: object, path: str) -> CancellationStep:
    doc = _object(found, path, ["hours", "ratio"])
    hours = _whole(doc.get("hours"), f"{path}.hours", 0, 24 * 366)
    return CancellationStep(hours, _ratio(doc.get("ratio"), f"{path}.ratio"))


def _certificate(found: object, path: str) -> Certificate:
    doc = _object(found, path, ["name", "number", "valid_until"])
    return Certificate(
        name=_words(doc.get("name"), f"{path}.name", most=120, needed=True),
        number=_text(doc.get("number"), f"{path}.number", most=80),
        valid_until=_date(doc.get("valid_until"), f"{path}.valid_until"),
    )


def _schema(found: object) -> Mapping[str, Any] | None:
    schema = _free(found, "form")
    if schema is not None:
        try:
            Draft202012Validator.check_schema(schema)
        except (SchemaError, RecursionError):
            raise OfferInvalid(NO_SCHEMA, field="form") from None
    return schema


# plain values


def _object(found: object, path: str, keys: Iterable[str] | None = None) -> dict[str, Any]:
    if found is None and path:
        raise OfferInvalid(NEEDED, field=path)
    if not isinstance(found, dict):
        raise OfferInvalid(NO_OBJECT, field=path or None)
    if keys is not None:
        _only(found, path, " ".join(keys))
    return found


def _only(doc: Mapping[str, Any], path: str, keys: str) -> None:
    for key in doc:
        if key not in keys.split():
            raise OfferInvalid(UNKNOWN_KEY.format(key=str(key)[:40]), field=f"{path}.{key}".lstrip(".")[:200])


def _free(found: object, path: str) -> dict[str, Any] | None:
    return None if found is None else _object(found, path)


def _each[T](
    found: object, path: str, read: Callable[[object, str], T], *, least: int = 0, most: int = 30
) -> list[T]:
    if found is None:
        found = []
    if not isinstance(found, list):
        raise OfferInvalid(NO_LIST, field=path)
    if len(found) < least:
        raise OfferInvalid(NEEDED, field=path)
    if len(found) > most:
        raise OfferInvalid(TOO_MANY.format(most=most), field=path)
    return [read(each, f"{path}.{place}") for place, each in enumerate(found)]


def _texts(found: object, path: str, *, least: int = 0) -> list[str]:
    texts = _each(found, path, lambda v, p: _text(v, p, most=40, needed=True), least=least)
    for place, text in enumerate(texts):
        if text in texts[:place]:
            raise OfferInvalid(TWICE.format(value=text), field=f"{path}.{place}")
    return texts


def _text(found: object, path: str, *, most: int, needed: bool = False) -> str:
    if found is not None and not isinstance(found, str):
        raise OfferInvalid(NO_TEXT, field=path)
    text = (found or "").replace("\x00", "").strip()
    if needed and not text:
        raise OfferInvalid(NEEDED, field=path)
    if len(text) > most:
        raise OfferInvalid(TOO_LONG.format(most=most), field=path)
    return text


def _words(found: object, path: str, *, most: int, needed: bool = False) -> Text:
    """Both languages. One alone stands for both: a provider need not write English."""
    doc = _object({} if found is None and not needed else found, path, ["zh", "en"])
    zh, en = (_text(doc.get(key), f"{path}.{key}", most=most * 3) for key in ("zh", "en"))
    if needed and not (zh or en):
        raise OfferInvalid(NEEDED, field=f"{path}.zh")
    if len(zh) > most:
        raise OfferInvalid(TOO_LONG.format(most=most), field=f"{path}.zh")
    return Text(zh=zh or en, en=en or zh)


def _said(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _choice(found: object, path: str, choices: Iterable[str]) -> str:
    if not isinstance(found, str) or found not in choices:
        raise OfferInvalid(ONE_OF.format(values=", ".join(choices)), field=path)
    return found


def _whole(found: object, path: str, low: int, high: int) -> int:
    if found is None:
        raise OfferInvalid(NEEDED, field=path)
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        raise OfferInvalid(WHOLE.format(low=low, high=high), field=path)
    return found


def _fen(found: object, path: str) -> int:
    return _whole(found, path, 0, MOST_FEN)


def _decimal(found: object, path: str, low: Decimal, high: Decimal, places: int = 4) -> Decimal:
    words = DECIMAL.format(low=low, high=f"{high:f}")
    if found is None or found == "":
        raise OfferInvalid(NEEDED, field=path)
    if not isinstance(found, str | int) or isinstance(found, bool):
        raise OfferInvalid(words, field=path)
    try:
        value = Decimal(found)
    except InvalidOperation:
        raise OfferInvalid(words, field=path) from None
    if not value.is_finite() or not low <= value <= high or value != round(value, places):
        raise OfferInvalid(words, field=path)
    return value


def _quantity(found: object, path: str) -> Decimal:
    return _decimal(found, path, Decimal("0.001"), MOST_QUANTITY, 3)


def _ratio(found: object, path: str) -> Decimal:
    return _decimal(found, path, Decimal(0), Decimal(1))


def _date(found: object, path: str) -> date | None:
    if found is None or found == "":
        return None
    try:
        return date.fromisoformat(cast("str", found))
    except (TypeError, ValueError):
        raise OfferInvalid(NO_DATE, field=path) from None
