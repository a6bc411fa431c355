"""A problem from the JSON of its files. Every refusal names the path of what is wrong. Unknown keys are refused: a misspelt
voucher would otherwise be paid by the firm. An effect on a plank that the firm does not have is left out."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, cast

from staveworks.engine.prescription.problem import Effect, Offer, Plank, Problem, Voucher
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

Kind = Literal["stave", "hoop"]
FIRM = {"planks", "profile", "weights", "holes", "bearing", "kinds"}
OFFER = {
    "id",
    "price_fen",
    "effects",
    "voucher",
    "family",
    "requires",
    "excludes",
    "lead_time_days",
    "capacity",
    *("name", "provider", "city", "quantity", "orders"),  # for people; they decide nothing
}

WANTED = {
    dict: Text(zh="应为对象。", en="An object is wanted."),
    list: Text(zh="应为列表。", en="A list is wanted."),
    str: Text(zh="应为非空文字。", en="Text is wanted, not empty."),
    int: Text(zh="应为整数。", en="A whole number is wanted."),
    Decimal: Text(zh="应为数字。", en="A number is wanted."),
}
UNKNOWN_KEY = Text(zh="没有这一项。", en="There is no such entry.")
UNKNOWN_KIND = Text(
    zh="不知道“{code}”是板还是箍，请写在 kinds 里。",
    en="Whether “{code}” is a stave or a hoop is not known; say it in kinds.",
)
ONE_OF = Text(zh="应为其中之一：{values}。", en="One of these is wanted: {values}.")
FLOOR_OR_GAIN = Text(zh="floor 与 gain 写且只写一个。", en="Exactly one of floor and gain is wanted.")


def read_problem(
    firm: object,
    offers: object,
    *,
    budget_fen: int,
    objective: Literal["level", "leximin"] = "level",
    kinds: Mapping[str, Kind],
) -> Problem:
    """``firm`` and ``offers`` as JSON gives them, numbers with a point as ``Decimal``; ``kinds`` of the planks of the register."""
    about = _object(firm, "", FIRM)
    bearing = about.get("bearing", "mean")
    if bearing not in ("mean", "minimum"):
        raise Invalid(ONE_OF.format(values="mean, minimum"), field="bearing")
    planks = tuple(_planks(about, kinds))
    codes = {plank.code for plank in planks}
    rows = _typed(offers, list, "offers")
    return Problem(
        planks=planks,
        offers=tuple(_offer(each, f"offers[{place}]", codes) for place, each in enumerate(rows)),
        budget_fen=budget_fen,
        objective=objective,
        bearing=bearing,
    )


def _planks(about: dict[str, Any], known: Mapping[str, Kind]) -> Iterable[Plank]:
    heights = _object(about.get("planks"), "planks")
    profile = _object(about.get("profile", {}), "profile", heights)
    kinds = {**known, **_object(about.get("kinds", {}), "kinds")}
    hoops = {code for code in heights if kinds.get(code) == "hoop"}
    weights = _object(about.get("weights", {}), "weights", hoops | known.keys())
    holes = _object(about.get("holes", {}), "holes", heights)
    for code, own in heights.items():
        if code not in kinds:
            raise Invalid(UNKNOWN_KIND.format(code=code), field=f"planks.{code}")
        if kinds[code] not in ("stave", "hoop"):
            raise Invalid(ONE_OF.format(values="stave, hoop"), field=f"kinds.{code}")
        if weights and code in hoops and code not in weights:
            raise Invalid(WANTED[Decimal], field=f"weights.{code}")
        yield Plank(
            code=code,
            kind=cast("Kind", kinds[code]),
            own=_number(own, f"planks.{code}"),
            target=_number(profile.get(code, 100), f"profile.{code}"),
            weight=_number(weights.get(code, 1), f"weights.{code}"),
            hole=None if holes.get(code) is None else _number(holes[code], f"holes.{code}"),
        )


def _offer(value: object, path: str, planks: set[str]) -> Offer:
    entry = _object(value, path, OFFER)
    effects = _typed(entry.get("effects"), list, f"{path}.effects")
    read = [_effect(each, f"{path}.effects[{place}]") for place, each in enumerate(effects)]
    family, capacity = entry.get("family"), entry.get("capacity")
    return Offer(
        id=_typed(entry.get("id"), str, f"{path}.id"),
        price_fen=_typed(entry.get("price_fen"), int, f"{path}.price_fen"),
        effects=tuple(effect for effect in read if effect.plank in planks),
        voucher=_voucher(entry.get("voucher"), f"{path}.voucher"),
        family=None if family is None else _typed(family, str, f"{path}.family"),
        requires=_codes(entry.get("requires"), f"{path}.requires"),
        excludes=_codes(entry.get("excludes"), f"{path}.excludes"),
        lead_time_days=_typed(entry.get("lead_time_days") or 0, int, f"{path}.lead_time_days"),
        capacity=None if capacity is None else _typed(capacity, int, f"{path}.capacity"),
    )


def _effect(value: object, path: str) -> Effect:
    entry = _object(value, path, {"plank", "floor", "gain"})
    given = entry.keys() & {"floor", "gain"}
    if len(given) != 1:
        raise Invalid(FLOOR_OR_GAIN, field=path)
    (kind,) = given
    amount = _number(entry[kind], f"{path}.{kind}")
    return Effect(_typed(entry.get("plank"), str, f"{path}.plank"), cast("Any", kind), amount)


def _voucher(value: object, path: str) -> Voucher | None:
    if value is None:
        return None
    entry = _object(value, path, {"ratio", "cap_fen", "programme"})
    ratio, programme = entry.get("ratio"), entry.get("programme")
    _number(ratio, f"{path}.ratio")
    return Voucher(
        Decimal(str(ratio)),
        _typed(entry.get("cap_fen"), int, f"{path}.cap_fen"),
        None if programme is None else _typed(programme, str, f"{path}.programme"),
    )


def _codes(value: object, path: str) -> tuple[str, ...]:
    entries = _typed([] if value is None else value, list, path)
    return tuple(_typed(each, str, f"{path}[{place}]") for place, each in enumerate(entries))


def _object(value: object, path: str, known: Iterable[str] | None = None) -> dict[str, Any]:
    entry = _typed(value, dict, path)
    for key in entry:
        if known is not None and key not in known:
            raise Invalid(UNKNOWN_KEY, field=f"{path}.{key}".lstrip("."))
    return cast("dict[str, Any]", entry)


def _number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Invalid(WANTED[Decimal], field=path)
    return float(value)


def _typed(value: object, kind: type, path: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool) or value == "":
        raise Invalid(WANTED[kind], field=path or None)
    return value
