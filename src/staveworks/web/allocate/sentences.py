"""What the studio's pages say in words: states, reasons, changes, differences."""

from collections.abc import Iterator, Mapping
from typing import Any

from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.types.runs import RunCard, RunState, ShareEnd
from staveworks.web.allocate.names import Names
from staveworks.web.figures import money, number, percent
from staveworks.web.language import current, say

STATES: Mapping[RunState, tuple[str, Text]] = {
    RunState.QUEUED: ("waiting", Text(zh="排队", en="queued")),
    RunState.RUNNING: ("running", Text(zh="计算中", en="running")),
    RunState.FINISHED: ("done", Text(zh="完成", en="finished")),
    RunState.CANCELLED: ("over", Text(zh="中途停止", en="stopped")),
    RunState.FAILED: ("late", Text(zh="失败", en="failed")),
}
PUBLISHED = ("done", Text(zh="已公布", en="published"))
WITHDRAWN = ("over", Text(zh="已撤回", en="withdrawn"))
ENDS: Mapping[ShareEnd, tuple[str, Text]] = {
    ShareEnd.REPLACED: ("over", Text(zh="已被取代", en="replaced")),
    ShareEnd.WITHDRAWN: WITHDRAWN,
}
COSTS: Mapping[str, Text] = {
    "make": Text(zh="加工", en="making"),
    "transport": Text(zh="运输", en="transport"),
    "holding": Text(zh="在制", en="holding"),
    "lateness": Text(zh="迟交", en="lateness"),
    "rejection": Text(zh="不做", en="rejection"),
    "fairness": Text(zh="公平", en="fairness"),
    "stability": Text(zh="变动", en="stability"),
}
REASONS: Mapping[str, Text] = {
    "full": Text(zh="可排的工时都排满了。", en="All free hours have work."),
    "partly": Text(zh="只排了一部分。", en="Part of the hours have work."),
    "dear": Text(
        zh="能做的订单都有更便宜或更早的去处。", en="Every line it could make had a cheaper or earlier place."
    ),
    "unable": Text(
        zh="这次没有订单需要这里的产品、等级和证书。",
        en="No line in this run asks for its families, grade and certificates.",
    ),
    "no_hours": Text(zh="没有可派的工时。", en="No hours that could be planned."),
}
REST: Mapping[str, Text] = {
    "nobody": Text(
        zh="还有空闲的那几周，别家也没有在做它能做的。",
        en="In the weeks in which it has hours left nobody else makes what it could.",
    ),
    "even": Text(
        zh="放在这台做并不更贵，只是批量或剩余工时对不上。",
        en="It is as cheap as what was chosen, but lots or what is left of its hours don’t fit.",
    ),
}
NO_LOT = Text(
    zh="只排了一部分：剩下的工时放不下一批。",
    en="Part of the hours have work: no lot fits in those that are left.",
)
CUT = Text(zh="每单位低 {m}（{p}）就会排到。", en="At {m} less per unit ({p}) it would have been chosen.")

SAVES_AT_MOST = Text(
    zh="按每小时值，多这些工时最多省 {m}。",
    en="By what an hour is worth there, these hours save {m} at most.",
)
COSTS_AT_LEAST = Text(
    zh="按每小时值，少这些工时至少多花 {m}。",
    en="By what an hour is worth there, losing these hours costs {m} at least.",
)
NOT_SHORT = Text(
    zh="那里不缺工时：按每小时值，多些少些都不影响成本。",
    en="Hours aren’t short there: at what an hour is worth, more or fewer change no cost.",
)
CHEAPER_STILL = Text(
    zh="重算得到的比这还便宜，多出的部分来自原方案本身的差距。",
    en="What was found is cheaper than that: the rest comes from the plan’s own gap.",
)


def state_of(card: RunCard) -> tuple[str, Text]:
    if card.withdrawn_at:
        return WITHDRAWN
    return PUBLISHED if card.published_at else STATES[card.state]


def fen(yuan: float) -> int:
    return round(yuan * 100)


def signed(yuan: float) -> str:
    """``+¥3,140.00``, ``−¥447.21``, never broken behind its sign."""
    said = money(fen(yuan))
    joined = said.replace("−", "−\N{WORD JOINER}")
    return f"+\N{WORD JOINER}{said}" if yuan > 0 else joined


CLOSE = Text(zh="{firm} 从 {week} 起停工", en="{firm} closes from {week}")
MORE = Text(zh="{place} {week} 加 {hours} 小时", en="{hours} h more at {place} in {week}")
LESS = Text(zh="{place} {week} 少 {hours} 小时", en="{hours} h fewer at {place} in {week}")
DUE = Text(zh="{line} 改到 {week} 交货", en="{line} is due in {week}")
PIN = Text(zh="{line} 的{operation}放到 {place} {week}", en="{line} has its {operation} at {place} in {week}")


def change_said(change: Mapping[str, Any], names: Names) -> Text:
    """A change of a what-if, as a clause."""
    kind = change["kind"]
    if kind == "close":
        return CLOSE.format(
            firm=names.of("firms", change["firm"]), week=names.week(int(change.get("from", 0)))
        )
    if kind == "due":
        return DUE.format(line=change["line"], week=names.week(int(change["due"])))
    if kind == "pin":
        return PIN.format(
            line=change["line"],
            operation=names.of("operations", change.get("operation", ""))
            or say(Text(zh="这道工序", en="step")),
            place=names.of("centres", change["work_centre"]),
            week=names.week(int(change["bucket"])),
        )
    hours = float(change["hours"])
    place = (
        names.of("centres", change["work_centre"])
        if change.get("work_centre")
        else f"{names.of('operations', change['operation'])} · {names.of('cities', change['city'])}"
    )
    return (MORE if hours >= 0 else LESS).format(
        place=place, week=names.week(int(change["bucket"])), hours=number(abs(hours))
    )


def reason_said(row: Mapping[str, Any]) -> str:
    """Why a work centre has as much work as it has, and the price with which it would have more, where there is one."""
    said = [say(REASONS.get(row["code"], REASONS["partly"]))]
    if (row["code"], row.get("rest")) == ("partly", "even"):
        said = [say(NO_LOT)]
    elif row.get("rest") in REST:
        said = [*(said if row["code"] != "dear" else []), say(REST[row["rest"]])]
    if row.get("cut"):
        said.append(
            say(CUT.format(m=money(max(1, fen(row["cut"]))), p=percent(row["percent"], current(), 1)))
        )
    return ("" if current() == "zh" else " ").join(said)


def promise_said(difference: Mapping[str, Any]) -> str:
    """What the price of an hour says of a change of hours, and whence it comes where more was found; nothing where it says nothing."""
    promised = difference.get("promised")
    if promised is None:
        return ""
    short = SAVES_AT_MOST if promised < 0 else COSTS_AT_LEAST
    said = [short.format(m=money(fen(abs(promised)))) if fen(promised) else NOT_SHORT]
    if fen(difference["objective"]) < fen(promised):
        said.append(CHEAPER_STILL)
    return ("" if current() == "zh" else " ").join(map(say, said))


def costs_said(costs: Mapping[str, float]) -> Iterator[str]:
    for kind, change in costs.items():
        yield f"{say(COSTS[kind])} {signed(change)}"
