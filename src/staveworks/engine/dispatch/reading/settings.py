"""What ``problem.json`` says: how many buckets, which operations, and the optional rules of fairness and stability."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from staveworks.engine.dispatch.problem import Fairness
from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.source import SETTINGS, UNREAD
from staveworks.engine.dispatch.reading.words import (
    NO_TABLE,
    NOT_OBJECT,
    WANT_BUCKETS,
    WANT_FAIRNESS,
    WANT_FROZEN,
    WANT_NUMBER,
    WANT_OPERATIONS,
)

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Settings:
    """``buckets`` is ``None`` where it can't be read."""

    buckets: int | None = None
    operations: tuple[str, ...] = ()
    fairness: Fairness | None = None
    stability: float = 0.0
    frozen: int = 0


def read_settings(found: Any, faults: Faults) -> Settings:
    """Keys that we don't know are left alone."""
    if found is UNREAD:
        return Settings()
    if not isinstance(found, Mapping):
        faults.add(SETTINGS, NO_TABLE if found is None else NOT_OBJECT)
        return Settings()
    buckets = _buckets(found, faults)
    return Settings(
        buckets=buckets,
        operations=_operations(found, faults),
        fairness=_fairness(found.get("fairness"), faults),
        stability=_stability(found, faults),
        frozen=_frozen(found, buckets, faults),
    )


def _buckets(found: Mapping[str, Any], faults: Faults) -> int | None:
    buckets = found.get("buckets")
    if _whole(buckets) and 1 <= buckets <= MOST_BUCKETS:
        return int(buckets)
    faults.add(SETTINGS, WANT_BUCKETS.format(most=MOST_BUCKETS), column="buckets")
    return None


def _operations(found: Mapping[str, Any], faults: Faults) -> tuple[str, ...]:
    given = found.get("operations", ())
    named = (
        isinstance(given, list) and len(given) > 0 and all(isinstance(each, str) and each for each in given)
    )
    if named and len(set(given)) == len(given):
        return tuple(given)
    faults.add(SETTINGS, WANT_OPERATIONS, column="operations")
    return ()


def _fairness(given: Any, faults: Faults) -> Fairness | None:
    if given is None:
        return None
    if isinstance(given, Mapping):
        share, penalty = given.get("share", ""), given.get("penalty", "")
        if _number(share) and _number(penalty) and 0 <= share <= 1 and penalty >= 0:
            return Fairness(float(share), float(penalty))
    faults.add(SETTINGS, WANT_FAIRNESS, column="fairness")
    return None


def _stability(found: Mapping[str, Any], faults: Faults) -> float:
    given = found.get("stability")
    if given is None:
        return 0.0
    if _number(given) and given >= 0:
        return float(given)
    faults.add(SETTINGS, WANT_NUMBER, column="stability")
    return 0.0


def _frozen(found: Mapping[str, Any], buckets: int | None, faults: Faults) -> int:
    given = found.get("frozen")
    if given is None:
        return 0
    most = MOST_BUCKETS if buckets is None else buckets
    if _whole(given) and 0 <= given <= most:
        return int(given)
    faults.add(SETTINGS, WANT_FROZEN.format(most=most), column="frozen")
    return 0


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _whole(value: Any) -> TypeGuard[float]:
    return _number(value) and float(value).is_integer()
