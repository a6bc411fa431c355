"""A run's page, made ready: its sentence, late lines, staves, the chart, the what-if that waits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import mark_safe

from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.kit.industries import load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.changes import MOST_HOURS
from staveworks.mechanisms.dispatch.types.runs import MOST_WHAT_IFS, RunCard
from staveworks.web.allocate.chart import draw_load
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.sentences import change_said, costs_said, fen, promise_said, signed
from staveworks.web.allocate.tried import Tried, forms_of
from staveworks.web.allocate.why import held_up, why_said
from staveworks.web.figures import number, percent
from staveworks.web.language import current, say
from staveworks.web.words import tell

LATE_SHOWN, STAVES_SHOWN, FIRMS_SHOWN, LINES_SHOWN = 6, 6, 4, 12
Report = Mapping[str, Any]


def page_of_run(
    card: RunCard, report: Report, said: Mapping[str, Any], asked: QueryDict, tried: Tried | None = None
) -> dict[str, Any]:
    names = names_in(card, report, said)
    operations = [(load["operation"], names.of("operations", load["operation"])) for load in report["load"]]
    chosen = asked.get("operation") or busiest(report)
    load = next((each for each in report["load"] if each["operation"] == chosen), None)
    weeks = [names.week(bucket) for bucket in range(card.buckets)]
    return {
        "summary": report["summary"],
        "gap": percent_of(report["summary"]["gap"]),
        "cost": fen(report["summary"]["objective"]),
        "late": late_rows(report, names, said, weeks=card.buckets)[:LATE_SHOWN],
        "late_total": len(report["late"]),
        "staves": stave_rows(report, names)[:STAVES_SHOWN],
        "staves_total": len(report["staves"]),
        **_asking(report, names, chosen, tried),
        "held": held_up(report, names),
        "most_hours": MOST_HOURS,
        "operations": operations,
        "operation": chosen,
        "chart": mark_safe(draw_load(load, weeks, names.of("operations", chosen), current())) if load else "",  # noqa: S308
        "load_rows": list(zip(weeks, load["wanted"], load["used"], load["capacity"], strict=True))
        if load
        else [],
        "base_said": [say(change_said(each, names)) for each in card.changes],
        "difference": difference_said(report["difference"], names) if report.get("difference") else None,
        "names": names,
        "cities": sorted(
            {(code, names.of("cities", code)) for each in report["load"] for code in each["cities"]}
        ),
        "weeks": [(bucket, names.when(bucket)) for bucket in range(card.buckets)],
        "firms": sorted(
            ((code, names.of("firms", code)) for code in report["firms"]), key=lambda firm: firm[1]
        ),
        "gantt": gantt_words(card, report, names),
        "rules": [rule_said(label) for label in card.rules],
        "costs": [(key, fen(value)) for key, value in report["summary"]["costs"].items() if value],
    }


def rule_said(label: str) -> str:
    """``dispatch.terms/1`` as people call it, with the number of its version; as it stands where no such rule ships any more."""
    code, _, number = label.rpartition("/")
    kind = rule_kinds().get(code)
    return tell("{rule} 第 {n} 版", "{rule}, version {n}", rule=say(kind.title), n=number) if kind else label


def _asking(report: Report, names: Names, chosen: str, tried: Tried | None) -> dict[str, Any]:
    """The forms of what-ifs: at first the shortest stave and the costliest late line stand in them. ``asked_said``: of a bar that was
    dragged, for which there is no form."""
    short = next(iter(report["staves"]), {"operation": chosen})
    first = {
        "hours": {**short, "hours": "40"},
        "due": {"line": report["late"][0]["line"] if report["late"] else ""},
    }
    return {
        "asks": forms_of(first, tried),
        "tried": tried,
        "asked_said": say(change_said(tried.change, names)) if tried and _is_whole(tried) else "",
    }


def _is_whole(tried: Tried) -> bool:
    return (
        tried.form == "pin"
        and {"line", "work_centre"} <= tried.change.keys()
        and isinstance(tried.change.get("bucket"), int)
    )


def gantt_words(card: RunCard, report: Report, names: Names) -> dict[str, Any]:
    """What the canvas writes: weeks, and what ids are called; ``now``: where today lies, in buckets."""
    cities = {code for load in report["load"] for code in load["cities"]}
    return {
        "now": (timezone.localdate() - card.first_date).days / 7,
        "weeks": [names.when(bucket) for bucket in range(card.buckets)],
        "operations": {
            each["operation"]: names.of("operations", each["operation"]) for each in report["load"]
        },
        "cities": {code: names.of("cities", code) for code in cities},
        "firms": {code: names.of("firms", code) for code in report["firms"]},
        "units": {code: names.unit(code) for code in load_industries().families},
    }


def names_in(card: RunCard, report: Report, said: Mapping[str, Any]) -> Names:
    names = Names(said, card.first_date)
    cities = {row["city"] for row in (*report["late"], *report["staves"])}
    names.know("cities", cities | {code for load in report["load"] for code in load["cities"]})
    names.know("firms", report["firms"])
    return names


def percent_of(gap: float | None) -> str:
    return "–" if gap is None else percent(max(0.0, gap), current(), 2)


def busiest(report: Report) -> str:
    """The operation of the dearest stave, else the first."""
    if report["staves"]:
        return str(report["staves"][0]["operation"])
    return str(report["load"][0]["operation"]) if report["load"] else ""


def late_rows(report: Report, names: Names, said: Mapping[str, Any], *, weeks: int) -> list[dict[str, Any]]:
    customers = said.get("customers", {})
    return [
        {
            **row,
            "customer": customers.get(row["line"], ""),
            "family_name": names.of("families", row["family"]),
            "unit": names.unit(row["family"]),
            "due_week": names.week(row["due"]),
            **why_said(row, names, weeks=weeks),
        }
        for row in report["late"]
    ]


def stave_rows(report: Report, names: Names) -> list[dict[str, Any]]:
    most = max((row["price"] for row in report["staves"]), default=1.0)
    return [
        {
            **row,
            "operation_name": names.of("operations", row["operation"]),
            "city_name": names.of("cities", row["city"]),
            "week": names.week(row["bucket"]),
            "share": round(100 * row["price"] / most),
            "saves_yuan": round(row["saves"]),
            "price_yuan": number(row["price"], 0 if row["price"] >= 10 else 1),
        }
        for row in report["staves"]
    ]


AND, MORE = Text(zh="、", en=", "), Text(zh=" 等，还有 {n} 行", en=" and {n} more")
TURNED = ("become_late", "become_punctual", "become_short", "become_whole")


def _listed(said: Iterable[str]) -> str:
    """``L-1, L-2`` in the reader's punctuation."""
    return say(AND).join(said)


def _some(lines: Sequence[str]) -> str:
    """The first of them, and how many more."""
    rest = len(lines) - LINES_SHOWN
    return _listed(lines[:LINES_SHOWN]) + (say(MORE.format(n=rest)) if rest > 0 else "")


def what_ifs_of(asked: Sequence[tuple[RunCard, Report]], names: Names, chosen: str) -> dict[str, Any]:
    """Those that wait upon a plan, side by side. ``drawn``: the one over the plan's bars, the ``chosen`` one or the last with a plan;
    ``best``: the one that saves most, where that is proven; ``first``: whose acceptance is the page's next step."""
    rows = [
        {
            "run": card,
            "said": [say(change_said(each, names)) for each in card.changes],
            "difference": difference_said(report["difference"], names) if report.get("difference") else None,
        }
        for card, report in asked
    ]
    planned = [(report["difference"], card) for card, report in asked if report.get("difference")]
    drawn = next(
        (card.id for _, card in planned if str(card.id) == chosen), planned[-1][1].id if planned else None
    )
    best = _saves_most(planned)
    return {
        "what_ifs": rows,
        "best": best,
        "first": best or drawn,
        "drawn": drawn,
        "may_ask_more": len(asked) < MOST_WHAT_IFS,
    }


def _saves_most(planned: Sequence[tuple[Mapping[str, Any], RunCard]]) -> UUID | None:
    """The one that is proven to save, and than which none of the others can be cheaper, however long one looked."""
    for difference, card in planned:
        others = [other for other, each in planned if each.id != card.id]
        cost = difference["objective"]
        if (
            cost < 0
            and difference.get("proven")
            and all(cost <= each.get("bound", cost - 1) for each in others)
        ):
            return card.id
    return None


def difference_said(difference: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What a what-if changes, ready to be printed."""
    firms = difference["firms"]
    return {
        "cost": signed(difference["objective"]),
        "dearer": difference["objective"] > 0,
        "nothing": not fen(difference["objective"]),
        "apart": fen(difference.get("apart", 0)),
        "promise": promise_said(difference),
        "proven": difference.get("proven", False),
        "as_before": difference.get("as_before", False),
        "late_lines": difference["late_lines"],
        "rejected_lines": difference["rejected_lines"],
        "costs": _listed(costs_said(difference["costs"])),
        "the_same": not difference["objective"] and not difference["moved"]["count"],
        **{name: _some(difference.get(name, ())) for name in TURNED},
        "moved": difference["moved"]["count"],
        "moved_some": [
            (each["line"], _place(each, names), names.week(each["bucket"]))
            for each in difference["moved"]["some"][:FIRMS_SHOWN]
        ],
        "moved_more": difference["moved"]["count"] - len(difference["moved"]["some"][:FIRMS_SHOWN]),
        "gain": [(names.of("firms", each["firm"]), each["hours"]) for each in firms if each["hours"] > 0][
            :FIRMS_SHOWN
        ],
        "lose": [(names.of("firms", each["firm"]), -each["hours"]) for each in firms if each["hours"] < 0][
            :FIRMS_SHOWN
        ],
    }


def _place(moved: Mapping[str, Any], names: Names) -> str:
    """``锦澜织造 · 1 号喷水织机``; of plans from before whose firm wasn't kept the work centre alone."""
    said = (names.of("firms", moved.get("firm", "")), names.of("centres", moved["work_centre"]))
    return " · ".join(dict.fromkeys(filter(None, said)))
