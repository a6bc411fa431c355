"""Why a line is late or rejected and the smallest change that would help, in words: the engine says what, names say who."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from staveworks.engine.dispatch import SENTENCES
from staveworks.kit.text import Text
from staveworks.web.allocate.names import Names
from staveworks.web.figures import money, number
from staveworks.web.language import current, say

FULL = Text(zh="{city}的{operation} {week} 排满", en="{operation} {city} {week} full")
HOURS = Text(zh="{place} {week} 加 {h} 小时", en="{h} h more at {place} in {week}")
BEYOND = Text(zh="其中 {h} 小时要加班", en="{h} h of it overtime")
WORTH = Text(zh="头一个小时省 {m}", en="the first hour saves {m}")
ASIDE, SEMICOLON = Text(zh="（{said}）", en=" ({said})"), Text(zh="；", en="; ")
COMMA = Text(zh="、", en=", ")
CHANGES: Mapping[str, Text] = {
    "capability": Text(zh="引进一家能做这道工序的", en="Win a firm that makes this operation"),
    "grade": Text(
        zh="等级降 {n} 级，{place} 就能做",
        en="{n} grade lower and {place} could|{n} grades lower and {place} could",
    ),
    "certificates": Text(
        zh="{place} 补齐 {n} 张证书", en="{place} gets {n} certificate|{place} gets {n} certificates"
    ),
    "certificates_named": Text(zh="{place} 补齐证书：{c}", en="{place} gets: {c}"),
    "firms": Text(zh="放开给 {place}", en="Allow {place}"),
    "later_due": Text(zh="交期推后 {n} 周", en="Due {n} week later|Due {n} weeks later"),
    "worth": Text(zh="不做的代价定到每单位 {m} 以上", en="Not to make it costs more than {m} a unit"),
    "worth_late": Text(zh="每迟一周的代价定到每单位 {m} 以上", en="A week late costs more than {m} a unit"),
    "min_lot": Text(zh="最小批量降到 {q}", en="A least lot of {q}"),
    "max_lots": Text(zh="允许分 {n} 批", en="{n} lots allowed"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """``said``: what would help, all of it together; ``asks``: the same as changes of a what-if, none where it can't be asked so."""

    said: tuple[str, ...]
    asks: tuple[Mapping[str, Any], ...] = ()


def why_said(row: Mapping[str, Any], names: Names, *, weeks: int) -> dict[str, Any]:
    """``binding``: the place that is full, or the rule; ``ways`` that would help, each by itself, the smallest first. ``weeks``: of the run."""
    why, changes = str(row.get("why", "")), row.get("changes", ())
    hours = [each for each in changes if each["kind"] == "hours"]
    ways = [Way(tuple(_hours(hours, names)), tuple(map(_hours_asked, hours)))] if hours else []
    ways += [
        Way((_said(each, row, names),), _asked(each, row, weeks))
        for each in changes
        if each["kind"] != "hours"
    ]
    first = changes[0]["kind"] if changes else ""
    if first != "hours" and hours:  # the engine's order: what it says first is what it means first
        ways = [*ways[1:], ways[0]]
    sentence = say(SENTENCES[why]) if why in SENTENCES else ""
    full = max(hours, key=lambda each: each["price"]) if hours and why == "capacity" else None
    return {"binding": _full(full, names) if full else sentence, "ways": ways}


def _hours_asked(change: Mapping[str, Any]) -> dict[str, Any]:
    where = {"work_centre": change["work_centre"], "bucket": change["bucket"]}
    return {"kind": "hours", **where, "hours": _enough(change["amount"])}


def _asked(change: Mapping[str, Any], row: Mapping[str, Any], weeks: int) -> tuple[Mapping[str, Any], ...]:
    """Of the others a later due week within the run's."""
    due = int(row["due"] + change["amount"])
    if change["kind"] != "later_due" or due >= weeks:
        return ()
    return ({"kind": "due", "line": row["line"], "due": due},)


PLACE = Text(zh="{city}的{operation}", en="{operation} in {city}")
HELD: Mapping[str, Text] = {
    "capability": Text(zh="没有人做的工序", en="an operation that nobody does"),
    "grade": Text(zh="要求的等级", en="the grade asked for"),
    "certificates": Text(zh="要求的证书", en="the certificates asked for"),
    "firms": Text(zh="指定或排除的企业", en="the firms allowed or blocked"),
    "hours": Text(zh="没有空闲工时", en="no free hours at all"),
    "way": Text(zh="运输和工序的时间", en="the time that operations and transport take"),
    "release": Text(zh="放行太晚", en="a late release"),
    "cheaper": Text(zh="成本：这样更便宜", en="cost: it is cheaper so"),
    "capacity": Text(zh="产能不足", en="too few hours"),
    "lots": Text(zh="批量、批次和换产", en="lots and set-up"),
}


def held_up(report: Mapping[str, Any], names: Names) -> dict[str, Any] | None:
    """What holds up most of the late lines, by their own reasons: ``by``, and ``count`` of them; None where nobody looked at all of them."""
    late = [row for row in report["late"] if row["late"]]
    if not late or len(late) < report["summary"]["late_lines"]:
        return None
    (reason, count), *_ = Counter(_reason(row) for row in late).most_common(1)
    return {"by": _named(reason, names), "count": count, "all": count == len(late)}


def _named(reason: tuple[str, ...], names: Names) -> Text:
    why, *place = reason
    if not place:
        return HELD[why]
    city, operation = place
    return PLACE.format(city=names.of("cities", city), operation=names.of("operations", operation))


def _reason(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The code, and where hours are short also the city and the operation that its line names."""
    hours = [each for each in row.get("changes", ()) if each["kind"] == "hours"]
    if row["why"] != "capacity" or not hours:
        return (row["why"],)
    full = max(hours, key=lambda each: each["price"])
    return (row["why"], full["city"], full["operation"])


def _full(change: Mapping[str, Any], names: Names) -> str:
    return FULL.say(
        current(),
        city=names.of("cities", change["city"]),
        operation=names.of("operations", change["operation"]),
        week=names.week(change["bucket"]),
    )


def _hours(hours: Iterable[Mapping[str, Any]], names: Names) -> Iterable[str]:
    for each in hours:
        text = HOURS.say(
            current(), place=_place(each, names), week=names.week(each["bucket"]), h=_rounded(each["amount"])
        )
        aside = []
        if beyond := each.get("beyond"):
            aside.append(BEYOND.say(current(), h=_rounded(beyond)))
        if worth := round(100 * each["price"]):
            aside.append(WORTH.say(current(), m=money(worth)))
        yield text + (ASIDE.say(current(), said=say(SEMICOLON).join(aside)) if aside else "")


def _said(change: Mapping[str, Any], row: Mapping[str, Any], names: Names) -> str:
    kind, amount = change["kind"], change["amount"]
    lacking = say(COMMA).join(names.of("certificates", each) for each in change.get("certificates", ()))
    if lacking:
        kind = "certificates_named"
    if kind == "worth" and not row.get("rejected"):
        kind = "worth_late"
    place = _place(change, names) if "work_centre" in change else ""
    return CHANGES[kind].say(
        current(),
        n=int(amount),
        c=lacking,
        place=place,
        m=money(round(100 * amount)),
        q=number(amount, 0 if amount >= 10 else 1),
    )


def _place(change: Mapping[str, Any], names: Names) -> str:
    """``盛泽永和印染 · 染色``."""
    return f"{names.of('firms', change['firm'])} · {names.of('operations', change['operation'])}"


def _rounded(hours: float) -> str:
    return number(_enough(hours), 0 if hours >= 10 else 1)


def _enough(hours: float) -> float:
    """Rounded up; to a tenth where it is little."""
    return math.ceil(hours - 1e-9) if hours >= 10 else math.ceil(10 * hours - 1e-8) / 10
