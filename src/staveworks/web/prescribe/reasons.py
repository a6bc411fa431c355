"""Why this, why not that, in words."""

from collections.abc import Sequence

from staveworks.cluster.prescription.types import PrescriptionView
from staveworks.engine.prescription import TIE, Unchosen, reach
from staveworks.kit.figures import mean, money
from staveworks.kit.planks import Register
from staveworks.kit.text import Text

WHY = {
    "not_available": Text(zh="眼下没有名额。", en="Nothing of it is free now."),
    "needs_unavailable": Text(
        zh="它要先有别的服务，而那项眼下没有。", en="It needs another service that isn’t to be had now."
    ),
    "family_taken": Text(
        zh="同类的只能选一项，已选 {names}。", en="Only one of its kind can be chosen, and {names} is."
    ),
    "excluded": Text(zh="与已选的 {names} 不能同时用。", en="It can’t go together with {names}."),
    "over_budget": Text(
        zh="加上它还能再抬，但会比预算多 {money}。",
        en="It would lift further, but costs {money} more than there is.",
    ),
    "not_better": Text(
        zh="也能抬，时间内没来得及比完。", en="It would lift too; there was no time to compare it."
    ),
}
HOLDS = Text(zh="买了水位也不动：卡住水位的是{planks}。", en="The level would stay: {planks} holds it down.")
HOLE = Text(
    zh="{plank}在 {at} 处有漏洞，抬过去的都会漏掉。",
    en="{plank} leaks at {at}: what is lifted past it runs out.",
)
ENOUGH = Text(zh="水位到 100 了，不用再买。", en="The level is at 100: nothing more is needed.")
TALL = Text(zh="{plank}不短（{at}），先补短的。", en="{plank} isn’t short ({at}); the short ones come first.")
ADDS_NOTHING = Text(
    zh="{plank}已到 {at}，它再添不了高度。", en="{plank} stands at {at} already; it would add nothing."
)
COMMA = Text(zh="、", en=", ")
MOST_NAMED = 3
MORE = Text(zh="{names} 等", en="{names} and others")


def why_not(each: Unchosen, view: PrescriptionView, register: Register) -> Text:
    """The reason of an affordable offer that isn't chosen."""
    if each.why == "level_stays":
        return _level_stays(each, view, register)
    names = _listed([view.services[code].title for code in each.because if code in view.services])
    return Text(
        zh=WHY[each.why].zh.format(names=names.zh, money=money(each.lacking_fen)),
        en=WHY[each.why].en.format(names=names.en, money=money(each.lacking_fen)),
    )


def _level_stays(each: Unchosen, view: PrescriptionView, register: Register) -> Text:
    """The hole that lets it out; else that it adds nothing, or that its plank is tall enough; else what holds the water down."""
    reached = view.answer.reached
    if reached.water_level >= 100 - TIE:
        return ENOUGH
    touched = [
        plank for plank in view.problem.needed if any(e.plank == plank.code for e in each.offer.effects)
    ]
    for plank in touched:
        if plank.hole is not None and reached.heights[plank.code] >= plank.hole - TIE:
            return _named(HOLE, plank.code, register, at=mean(plank.hole))
    with_it = reach(view.problem, [*view.answer.chosen, each.offer]).heights
    if touched and not any(with_it[plank.code] > reached.heights[plank.code] + TIE for plank in touched):
        return _named(ADDS_NOTHING, touched[0].code, register, at=mean(reached.heights[touched[0].code]))
    tall = [plank for plank in touched if plank.code not in each.because]
    if touched and len(tall) == len(touched):
        plank = tall[0]
        return _named(TALL, plank.code, register, at=mean(reached.heights[plank.code]))
    planks = _listed([name_of(code, register) for code in each.because])
    return Text(zh=HOLDS.zh.format(planks=planks.zh), en=HOLDS.en.format(planks=planks.en))


def name_of(code: str, register: Register) -> Text:
    plank = register.get(code)
    return plank.name if plank else Text(zh=code, en=code)


def _named(text: Text, code: str, register: Register, *, at: str) -> Text:
    name = name_of(code, register)
    return Text(zh=text.zh.format(plank=name.zh, at=at), en=text.en.format(plank=name.en, at=at))


def _listed(names: Sequence[Text]) -> Text:
    shown = Text(
        zh=COMMA.zh.join(name.zh for name in names[:MOST_NAMED]),
        en=COMMA.en.join(name.en for name in names[:MOST_NAMED]),
    )
    if len(names) <= MOST_NAMED:
        return shown
    return Text(zh=MORE.zh.format(names=shown.zh), en=MORE.en.format(names=shown.en))
