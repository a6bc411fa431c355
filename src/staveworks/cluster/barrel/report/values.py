"""The report as the template prints it, in one language: every text said, every figure written. The template decides nothing."""

from typing import Any

from django.utils import timezone

from staveworks.cluster.barrel.report import values_barrel, values_standard, words
from staveworks.cluster.barrel.report.cells import shorten
from staveworks.cluster.barrel.report.content import Method, Report, Shown
from staveworks.cluster.barrel.types import Kind
from staveworks.kit.figures import level, lift
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Register
from staveworks.kit.text import Language, Text

Values = dict[str, Any]
FOOTER = 44
"""Columns that a firm's name may take in the footer; a Chinese character takes two."""


def values_of(report: Report, language: Language, register: Register) -> Values:
    """All that the template asks for; ``None`` where a part is left out."""
    body = values_barrel if report.barrel else values_standard
    kind = words.KIND if report.barrel else words.STANDARD_KIND
    return {
        "language": language,
        "kind": kind.in_language(language),
        "number": words.NUMBER.say(language, number="{number}"),
        "firm": report.firm.name.in_language(language),
        "firm_short": shorten(report.firm.name.in_language(language), FOOTER),
        "facts": _facts(report, language),
        "sight": _block(words.SIGHT, language, lines=_sight(report, language)),
        "method": _method(report, language),
        "change": _change(report, language, register),
        **body.values_of(report, language, register),
    }


def day(report: Report) -> str:
    return f"{timezone.localtime(report.at):%Y-%m-%d}"


def _block(title: Text, language: Language, **more: object) -> Values:
    return {"title": title.in_language(language), **more}


def _facts(report: Report, language: Language) -> list[str]:
    firm, method = report.firm, report.method
    kind = method.kind.text.in_language(language) if method.kind == Kind.QUICK else None
    asked = words.QUESTIONS_ASKED.say(language, answered=method.answered, asked=method.asked)
    said = [each.in_language(language) for each in (firm.place, firm.trade) if each]
    found = [*said, day(report), method.rubric.in_language(language), kind, asked]
    if not report.finished:
        found.append(words.OPEN.in_language(language))
    return [each for each in found if each]


def _method(report: Report, language: Language) -> Values:
    method = report.method
    rows = [
        (words.ROW_RUBRIC, method.rubric.in_language(language)),
        (words.ROW_EDITION, method.edition),
        (words.ROW_SOURCE, method.source.in_language(language)),
        (words.ROW_PROFILE, _profile(method, language)),
        (words.ROW_DATE, day(report)),
        (words.ROW_DIGEST, method.sha256),
    ]
    text = words.METHOD_TEXT if report.barrel else words.METHOD_STANDARD
    said = [[name.in_language(language), value] for name, value in rows if value]
    return _block(words.METHOD, language, text=text.in_language(language), rows=said)


def _profile(method: Method, language: Language) -> str:
    if method.profile is None:
        return ""
    name = method.profile.in_language(language)
    return words.OWN_TARGETS.say(language, profile=name, reason=method.reason) if method.reason else name


def _sight(report: Report, language: Language) -> list[str]:
    sight = report.sight
    if sight.reader:
        return _lent(report, sight.reader.in_language(language), language)
    lines = [words.SEEN_BY_OWN.in_language(language)]
    lines += [
        words.SEEN_BY_AGENT.say(language, name=name.in_language(language), date=until)
        for name, until in sight.agents
    ]
    if sight.steward:
        lines.append(words.SEEN_BY_STEWARD.say(language, name=sight.steward.in_language(language)))
    lines += [_granted(each, language) for each in sight.grants]
    return [*lines, words.NOBODY_ELSE.in_language(language)]


def _lent(report: Report, reader: str, language: Language) -> list[str]:
    text = words.LENT_BY_STEWARD if report.sight.steward else words.LENT
    lines = [text.say(language, name=reader)]
    return lines if report.advice else [*lines, words.WITHOUT_ANSWERS.in_language(language)]


def _granted(shown: Shown, language: Language) -> str:
    comma = "、" if language == "zh" else ", "
    return words.SEEN_BY_GRANT.say(
        language,
        name=shown.name.in_language(language),
        purpose=shown.purpose.in_language(language),
        fields=comma.join(field.in_language(language) for field in shown.fields),
        until=words.UNTIL.say(language, date=shown.until) if shown.until else "",
    )


def _change(report: Report, language: Language, register: Register) -> Values:
    change = report.change
    if change is None:
        return _block(words.CHANGE, language, note=words.FIRST_TIME.in_language(language), rows=[])
    since = words.SINCE.say(language, date=f"{timezone.localtime(change.earlier):%Y-%m-%d}")
    note = since + (words.EDITIONS_DIFFER.say(language) if change.editions_differ else "")
    whole = words.LEVEL_ROW if report.barrel else words.SCORE_ROW
    order = {code: place for place, code in enumerate(register)}
    planks = sorted(change.planks, key=lambda each: order.get(each.code, len(order)))
    rows = [_moved(whole.in_language(language), None, change.level.before, change.level.after)]
    for each in planks:
        plank = register.get(each.code)
        name = plank.name.in_language(language) if plank else each.code
        rows.append(_moved(name, plank.colour[0] if plank else None, each.before, each.after))
    heads = [
        text.in_language(language) for text in (words.HEAD_BEFORE, words.HEAD_AFTER, words.HEAD_DIFFERENCE)
    ]
    return _block(words.CHANGE, language, note=note, heads=heads, rows=rows)


def _moved(name: str, colour: str | None, before: Interval | None, after: Interval | None) -> Values:
    difference = lift(after.likely - before.likely) if before and after else "–"
    return {
        "name": name,
        "colour": colour,
        "before": level(before) if before else "–",
        "after": level(after) if after else "–",
        "difference": difference,
    }
