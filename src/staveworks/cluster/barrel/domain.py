"""Pure decisions: what is stored of a result, who counts as a peer, what an earlier assessment hands on."""

from collections.abc import Mapping
from typing import Any

from staveworks.cluster.barrel.types import AnswerDifference, PlankState, ReasonMissing, Size, Value
from staveworks.engine.barrel import (
    EVEN,
    AnswerRefused,
    Barrel,
    PlankHeight,
    Profile,
    Result,
    Rubric,
    check_answer,
    find_profile,
    load_profiles,
)
from staveworks.kit.intervals import Interval

MICRO_BELOW, SMALL_BELOW, MEDIUM_BELOW = 20, 300, 1000
"""Staff of industrial firms, 工信部联企业〔2011〕300号."""


def size_of(staff: int | None) -> Size | None:
    """The size class of a firm with ``staff`` people; None where that is not known."""
    if staff is None:
        return None
    if staff < MICRO_BELOW:
        return Size.MICRO
    if staff < SMALL_BELOW:
        return Size.SMALL
    return Size.MEDIUM if staff < MEDIUM_BELOW else Size.LARGE


def is_profile(code: str) -> bool:
    return code in load_profiles()


def targets(profile: str, adjustments: Mapping[str, float], reason: str) -> Profile:
    """The firm's target profile. Raises ``UnknownProfile``, ``TargetRefused`` (field = plank), and ``ReasonMissing``
    where targets differ without a reason."""
    found = find_profile(profile or EVEN.code).adjusted(adjustments)
    if adjustments and not reason.strip():
        raise ReasonMissing(field="reason")
    return found


def is_answer(rubric: Rubric, code: str, value: Value) -> bool:
    try:
        check_answer(rubric, code, value)
    except AnswerRefused:
        return False
    return True


def answer_differences(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[AnswerDifference, ...]:
    """The leaves whose answers differ, in the order in which they stand in ``after``, then in ``before``."""
    codes = list(dict.fromkeys([*after, *before]))
    pairs = ((code, before.get(code), after.get(code)) for code in codes)
    return tuple(AnswerDifference(*each) for each in pairs if each[1] != each[2])


def stored(result: Result) -> dict[str, Any]:
    """The columns of ``Diagnosis`` for a result; intervals are [low, likely, high]."""
    found: dict[str, Any] = {
        "score": listed(result.score),
        "level": [result.level.low, result.level.high] if result.level else None,
        "answered": result.answered,
        "asked": result.asked,
    }
    barrel = result.barrel
    if barrel is None:
        return found
    water = barrel.water_level
    return found | {
        "water_low": water.low,
        "water_likely": water.likely,
        "water_high": water.high,
        "mean": listed(barrel.mean_level),
        "unevenness": listed(barrel.unevenness),
        "bearing": listed(barrel.bearing),
        "verified_water": listed(barrel.verified_water_level),
        "binding": barrel.binding or "",
        "next_to_bind": list(barrel.next_to_bind),
        "planks": {code: _plank(plank) for code, plank in barrel.planks.items()},
    }


def reproved(planks: Mapping[str, Mapping[str, Any]], barrel: Barrel) -> dict[str, Any]:
    """The columns of a finished ``Diagnosis`` that an attestation changes: what is proved, nothing else."""
    verified = {code: {"verified": listed(barrel.planks[code].verified)} for code in planks}
    return {
        "verified_water": listed(barrel.verified_water_level),
        "planks": {code: {**plank, **verified[code]} for code, plank in planks.items()},
    }


def _plank(plank: PlankHeight) -> dict[str, Any]:
    return {
        "kind": plank.kind,
        "own": listed(plank.own),
        "verified": listed(plank.verified),
        "height": listed(plank.height),
        "target": plank.target,
        "needed": plank.needed,
        "weight": plank.weight,
        "answered": plank.answered,
        "asked": plank.asked,
        "hole": plank.hole,
    }


def read_plank(code: str, found: Mapping[str, Any]) -> PlankState:
    """The reverse of what ``stored`` wrote of a plank."""
    return PlankState(
        code,
        found["kind"],
        Interval(*found["own"]),
        Interval(*found["verified"]),
        Interval(*found["height"]),
        found["target"],
        found["needed"],
        found["weight"],
        found["answered"],
        found["asked"],
        found["hole"],
    )


def listed(interval: Interval) -> list[float]:
    return [interval.low, interval.likely, interval.high]
