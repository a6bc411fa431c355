"""A what-if: a problem with a few things different. Each change is a small document, as it is stored and sent.

``{"kind": "pin", "line", "lot", "step", "work_centre", "bucket"}`` a lot's step at that place, whatever is cheaper;
``{"kind": "close", "firm", "from"}`` a firm without hours from that bucket on;
``{"kind": "hours", "operation", "city", "bucket", "hours"}`` or ``{…, "work_centre", "bucket", "hours"}`` hours more (or fewer);
``{"kind": "due", "line", "due"}`` another due bucket.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from staveworks.engine.dispatch import Problem
from staveworks.engine.dispatch.problem import PINNED, STATUSES, TOLERANCE
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.called import Called, together
from staveworks.mechanisms.dispatch.domain.plan import WEEK_HOURS, Plan, capability_of
from staveworks.mechanisms.dispatch.domain.sharing import able_lines

NOT_THERE = Text(zh="方案里没有“{name}”。", en="There is no “{name}” in this plan.")
CANT_MAKE = Text(
    zh="{name} 做不了这一单：工序、产品、等级、证书或指定企业不符。",
    en="{name} can’t make this line: operation, family, grade, certificate or firms don’t fit.",
)
NO_HOURS = Text(
    zh="{name} 那一周没有可用工时，请先加工时。", en="{name} has no hours in that week: add hours first."
)
OUTSIDE = Text(zh="周次不在排产范围内。", en="That week is outside the horizon.")
UNREADABLE = Text(zh="看不懂这项改动。", en="This change can’t be understood.")
MOST_HOURS = 100_000
NO_NUMBER = Text(zh="工时要填数字。", en="Hours are a number.")
AS_IT_IS = Text(zh="现在就是这样，没有改动。", en="That is how it is already: nothing would change.")
NO_ROOM = Text(
    zh="{name} 那一周只有 {free} 小时，这一批要 {need} 小时。",
    en="{name} has {free} h in that week; this lot takes {need} h.",
)
TOO_FEW_HOURS = Text(zh="那里那一周只有 {free} 小时。", en="There are only {free} h there in that week.")
TOO_MANY_HOURS = Text(
    zh=f"一次最多加减 {MOST_HOURS:,} 小时。", en=f"At most {MOST_HOURS:,} hours more or fewer at once."
)

NO_SUCH_WEEK = Text(
    zh="那里那一周最多还能加 {room} 小时：一台机器一周只有 168 小时。",
    en="At most {room} h more fit there in that week: a machine’s week has 168.",
)


class ChangeInvalid(Invalid):
    text = UNREADABLE


type Tables = Mapping[str, Any]


def apply(
    tables: Tables, changes: Iterable[Mapping[str, Any]], *, base: Plan, called: Called
) -> dict[str, Any]:
    """The tables of a problem with all of them; ``base``: its plan. Raises ``ChangeInvalid`` naming what isn't there or can't be, as it is
    ``called``."""
    found = dict(tables)
    for change in changes:
        act = ACTS.get(str(change.get("kind")))
        if act is None:
            raise ChangeInvalid
        try:
            found |= act(found, change, base, called)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise ChangeInvalid from None
    return found


def changes_nothing(tables: Tables, changed: Tables, *, base: Plan) -> bool:
    """Whether the problem with its changes asks for what it asked for, and the plan does already what they pin."""
    if changed["lines"] != tables["lines"] or _free(changed) != _free(tables):
        return False
    before = list(tables.get("commitments", ()))
    added = [row for row in changed.get("commitments", ()) if row not in before]
    return all(_is_so(row, base) for row in added)


def _free(tables: Tables) -> dict[tuple[str, int], float]:
    """Hours by work centre and bucket, where there are any."""
    return {
        (row["work_centre"], int(row["bucket"])): hours
        for row in tables["capacity"]
        if (hours := float(row["hours"])) > 0
    }


def _is_so(row: Mapping[str, Any], base: Plan) -> bool:
    problem, made = base.problem, base.result.allocations
    line, centre = problem.lines.ids.index(row["line"]), problem.work_centres.ids.index(row["work_centre"])
    step = (made.line == line) & (made.lot == row["lot"]) & (made.step == row["step"])
    return bool(np.any(step & (made.work_centre == centre) & (made.bucket == row["bucket"])))


def _place(names: Sequence[str], name: object, field: str) -> int:
    try:
        return list(names).index(str(name))
    except ValueError:
        raise ChangeInvalid(NOT_THERE.format(name=name), field=field) from None


def _bucket(problem: Problem, value: object, field: str) -> int:
    bucket = int(str(value))
    if not 0 <= bucket < problem.buckets:
        raise ChangeInvalid(OUTSIDE, field=field)
    return bucket


def _close(tables: Tables, change: Mapping[str, Any], base: Plan, called: Called) -> Tables:
    _place(base.problem.firms, change["firm"], "firm")
    start = _bucket(base.problem, change.get("from", 0), "from")
    closed = {row["id"] for row in tables["work_centres"] if row["firm"] == change["firm"]}
    nothing = {"hours": 0.0, "working_hours": 0.0}
    return {
        "capacity": [
            {**row, **nothing} if row["work_centre"] in closed and row["bucket"] >= start else row
            for row in tables["capacity"]
        ]
    }


def _hours(tables: Tables, change: Mapping[str, Any], base: Plan, called: Called) -> Tables:
    """Of one work centre, or shared out over those of an operation in a city as they have hours already; where one would get more than a
    week has, as they have room."""
    more, bucket = _number(change["hours"]), _bucket(base.problem, change["bucket"], "bucket")
    if not abs(more) <= MOST_HOURS:
        raise ChangeInvalid(TOO_MANY_HOURS, field="hours")
    mine = _meant(tables, change, called)
    cells = {
        row["work_centre"]: row
        for row in tables["capacity"]
        if row["work_centre"] in mine and row["bucket"] == bucket
    }
    there = {centre: float(row["hours"]) for centre, row in cells.items()}
    total = sum(there.values())
    if more < -total:
        raise ChangeInvalid(TOO_FEW_HOURS.format(free=f"{total:,.1f}".removesuffix(".0")), field="hours")
    room = {each: _most(tables, each) - there.get(each, 0.0) for each in mine}
    if more > sum(room.values()) + TOLERANCE:
        left = f"{max(0.0, sum(room.values())):,.1f}".removesuffix(".0")
        raise ChangeInvalid(NO_SUCH_WEEK.format(room=left), field="hours")
    shares = {each: there.get(each, 0.0) / total if total else 1 / len(mine) for each in mine}
    if any(more * share > room[each] for each, share in shares.items()):
        shares = {each: left / sum(room.values()) for each, left in room.items()}
    hours = {each: max(0.0, there.get(each, 0.0) + more * share) for each, share in shares.items()}
    kept = [row for row in tables["capacity"] if row["work_centre"] not in mine or row["bucket"] != bucket]
    added = [
        {**cells.get(each, {"work_centre": each, "bucket": bucket}), "hours": value}
        for each, value in hours.items()
    ]
    return {"capacity": kept + added}


def _most(tables: Tables, centre: str) -> float:
    """Hours that a week of a work centre can have: of as many machines as it has hours of in its best week."""
    best = max(
        (float(row["hours"]) for row in tables["capacity"] if row["work_centre"] == centre), default=0.0
    )
    return WEEK_HOURS * max(1, math.ceil(best / WEEK_HOURS))


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise ChangeInvalid(NO_NUMBER, field="hours") from None


def _meant(tables: Tables, change: Mapping[str, Any], called: Called) -> list[str]:
    """Ids of the work centres that a change of hours is about."""
    if change.get("work_centre"):
        found = [row["id"] for row in tables["work_centres"] if row["id"] == change["work_centre"]]
        named = called.of("centres", str(change["work_centre"]))
    else:
        where = (change["operation"], change["city"])
        found = [row["id"] for row in tables["work_centres"] if (row["operation"], row["city"]) == where]
        named = together(called.of("operations", str(where[0])), called.of("cities", str(where[1])))
    if not found:
        raise ChangeInvalid(NOT_THERE.format_each(named), field="operation")
    return found


def _due(tables: Tables, change: Mapping[str, Any], base: Plan, called: Called) -> Tables:
    _place(base.problem.lines.ids, change["line"], "line")
    due = _bucket(base.problem, change["due"], "due")
    return {
        "lines": [{**row, "due": due} if str(row["id"]) == change["line"] else row for row in tables["lines"]]
    }


def _pin(tables: Tables, change: Mapping[str, Any], base: Plan, called: Called) -> Tables:
    """The lot's step is at the new place; its other steps and everything else are free to follow."""
    problem, made = base.problem, base.result.allocations
    line, lot, step = (
        _place(problem.lines.ids, change["line"], "line"),
        int(change["lot"]),
        int(change["step"]),
    )
    centre, bucket = (
        _place(problem.work_centres.ids, change["work_centre"], "work_centre"),
        _bucket(problem, change["bucket"], "bucket"),
    )
    at = np.flatnonzero((made.line == line) & (made.lot == lot) & (made.step == step))
    if not len(at):
        raise ChangeInvalid(NOT_THERE.format(name=change["line"]), field="line")
    name = called.centre(base, centre)
    _check_place(base, line=line, old=int(made.work_centre[at[0]]), centre=centre, bucket=bucket, name=name)
    _check_room(base, row=int(at[0]), centre=centre, bucket=bucket, name=name)
    row = {
        "line": problem.lines.ids[line],
        "lot": lot,
        "step": step,
        "work_centre": problem.work_centres.ids[centre],
        "bucket": bucket,
        "quantity": float(made.quantity[at[0]]),
        "status": STATUSES[PINNED],
    }
    key = (row["line"], lot, step)
    kept = [
        each
        for each in tables.get("commitments", ())
        if (str(each["line"]), each["lot"], each["step"]) != key
    ]
    return {"commitments": [*kept, row]}


def _check_room(plan: Plan, *, row: int, centre: int, bucket: int, name: Text) -> None:
    """Whether the lot of ``row`` fits into the hours of ``centre`` in ``bucket``. Raises ``ChangeInvalid`` about ``name``."""
    problem, made = plan.problem, plan.result.allocations
    family = problem.lines.family[made.line[row : row + 1]]
    (able,) = capability_of(problem, np.array([centre], np.int32), family)
    how = problem.capabilities
    need = float(made.quantity[row] * how.hours[able] + how.setup_hours[able])
    free = float(problem.work_centres.hours[centre, bucket])
    if need > free * (1 + TOLERANCE) + TOLERANCE:
        said = {"free": f"{free:,.1f}".removesuffix(".0"), "need": f"{need:,.1f}".removesuffix(".0")}
        told = Text(zh=NO_ROOM.zh.format(name=name.zh, **said), en=NO_ROOM.en.format(name=name.en, **said))
        raise ChangeInvalid(told, field="bucket")


def _check_place(plan: Plan, *, line: int, old: int, centre: int, bucket: int, name: Text) -> None:
    """Whether ``centre`` can do in ``bucket`` what ``old`` does for the line. Raises ``ChangeInvalid`` about ``name``."""
    centres = plan.problem.work_centres
    if centres.operation[centre] != centres.operation[old] or not able_lines(plan, centre)[line]:
        raise ChangeInvalid(CANT_MAKE.format_each(name), field="work_centre")
    if centres.hours[centre, bucket] <= 0:
        raise ChangeInvalid(NO_HOURS.format_each(name), field="bucket")


ACTS: dict[str, Callable[[Tables, Mapping[str, Any], Plan, Called], Tables]] = {
    "close": _close,
    "hours": _hours,
    "due": _due,
    "pin": _pin,
}
