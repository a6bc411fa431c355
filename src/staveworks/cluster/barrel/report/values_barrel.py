"""The parts of the report that speak of a barrel: sentence, picture, order, heights, what to do first."""

from staveworks.cluster.barrel.picture import Barrel, description, draw, for_print
from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.published.coding import coded, coded_range
from staveworks.cluster.barrel.report import words
from staveworks.cluster.barrel.report.cells import Values, gain, narrowing, runs
from staveworks.cluster.barrel.report.content import Advice, NextStep, Report
from staveworks.cluster.barrel.types import DiagnosisCard, PeerBand, PlankState
from staveworks.kit.figures import between, level, mean
from staveworks.kit.planks import Register
from staveworks.kit.text import Language, Text


def values_of(report: Report, language: Language, register: Register) -> Values:
    """Of a report with a barrel."""
    diagnosis = report.barrel
    assert diagnosis is not None
    picture = picture_of(diagnosis, firm=report.firm.name.in_language(language), register=register)
    return {
        "sentence": _sentence(diagnosis, language, register),
        "second": _second(diagnosis, language),
        "picture": for_print(draw(picture, language)),
        "picture_alt": description(picture, language),
        "legend": _legend(picture, language),
        "first": first_of(report.advice, _one_step(report, diagnosis, language, register), language),
        "order": _order(report, diagnosis, language, register),
        "peers": _peers(report.peers, diagnosis, language),
        "heights": _heights(report, diagnosis, language, register),
        "advice": _advice(report.advice, diagnosis, language, register) if report.advice else None,
        "standard": None,
    }


def _name(code: str, language: Language, register: Register) -> str:
    plank = register.get(code)
    return plank.name.in_language(language) if plank else code


def _sentence(diagnosis: DiagnosisCard, language: Language, register: Register) -> list[Values]:
    water = diagnosis.water
    open_range = level(water.low) != level(water.high)
    between = words.AT_MOST.say(language, high=level(water.high), likely=level(water.likely))
    parts = [
        (words.WATER.in_language(language), "plain"),
        (level(water.low), "water"),
        (between if open_range else "", "plain"),
    ]
    if diagnosis.binding:
        held = words.PROBABLY_HELD if open_range else words.HELD
        parts += [
            (held.in_language(language), "plain"),
            (_name(diagnosis.binding, language, register), "short"),
            (words.HELD_END.in_language(language), "plain"),
        ]
    else:
        parts.append((words.FREE.in_language(language), "plain"))
    left = diagnosis.asked - diagnosis.answered
    more = words.SETTLED if diagnosis.settled else words.OPEN_QUESTIONS
    parts.append((more.say(language, n=left) if left else "", "plain"))
    return runs(*parts)


def _second(diagnosis: DiagnosisCard, language: Language) -> str:
    whole, water = diagnosis.mean.likely, diagnosis.water.likely
    return words.UNUSED.say(language, mean=mean(whole), water=mean(water), unused=between(water, whole))


def _legend(picture: Barrel, language: Language) -> list[Values]:
    """Only what this picture shows."""
    planks = [*picture.standing, *picture.bands]
    shown = {
        "own": True,
        "lent": any(plank.lent > 0 for plank in planks),
        "unknown": any(plank.high > plank.low for plank in planks),
        "hole": any(plank.leaks for plank in planks),
        "hoop": bool(picture.bands),
        "bottom": True,
    }
    return [{"mark": mark, "text": words.LEGEND[mark].in_language(language)} for mark in shown if shown[mark]]


def _order(report: Report, diagnosis: DiagnosisCard, language: Language, register: Register) -> Values:
    codes = [code for code in (diagnosis.binding, *diagnosis.next_to_bind) if code]
    rows = []
    for place, code in enumerate(codes, 1):
        before = _name(codes[place - 2], language, register)
        note = words.NOW.in_language(language) if place == 1 else words.NEXT.say(language, name=before)
        plank = register.get(code)
        rows.append(
            {
                "place": str(place),
                "name": _name(code, language, register),
                "colour": plank.colour[0] if plank else None,
                "level": level(diagnosis.planks[code].height),
                "note": _leak(report, code, language) or note,
            }
        )
    return {"title": words.ORDER.in_language(language), "rows": rows}


def _leak(report: Report, code: str, language: Language) -> str:
    holes = [hole for hole in (report.advice.holes if report.advice else ()) if hole.plank == code]
    if not holes:
        return ""
    lowest = min(holes, key=lambda hole: hole.height)
    return words.LEAKS.say(language, at=level(lowest.height), what=lowest.text.in_language(language))


def _peers(peers: PeerBand | None, diagnosis: DiagnosisCard, language: Language) -> Values:
    found: Values = {
        "title": words.PEERS.in_language(language),
        "water": diagnosis.water.likely,
        "mark": level(diagnosis.water.likely),
        "band": None,
        "text": words.NO_PEERS.in_language(language),
    }
    if peers is None:
        return found
    wording = words.PEERS_OF_SIZE if peers.same_size else words.PEERS_OF_TYPE
    text = wording.say(
        language, n=peers.firms, band=coded_range(peers.low, peers.high), median=coded(peers.median)
    )
    return found | {"band": [peers.low, peers.median, peers.high], "text": text}


def _heights(report: Report, diagnosis: DiagnosisCard, language: Language, register: Register) -> Values:
    order = {code: place for place, code in enumerate(register)}
    needed = [plank for plank in diagnosis.planks.values() if plank.needed]
    shortest = sorted(
        needed,
        key=lambda plank: (plank.code != diagnosis.binding, plank.height.likely, order.get(plank.code, 99)),
    )
    left = [_name(plank.code, language, register) for plank in diagnosis.planks.values() if not plank.needed]
    hoops = words.HOOPS.say(language, bearing=level(diagnosis.bearing))
    groups = (("stave", words.STAVES.in_language(language)), ("hoop", hoops))
    heads = (words.HEAD_LEVEL, words.HEAD_VERIFIED, words.HEAD_TARGET, words.HEAD_ANSWERED, words.HEAD_PEERS)
    comma = "、" if language == "zh" else ", "
    return {
        "title": words.HEIGHTS.in_language(language),
        "note": words.HEIGHTS_NOTE.in_language(language)
        + (words.HEIGHTS_PEERS.in_language(language) if report.peers else ""),
        "heads": [head.in_language(language) for head in heads],
        "water": diagnosis.water.low,
        "left_out": words.LEFT_OUT.say(language, names=comma.join(left)) if left else "",
        "groups": [
            {
                "title": title,
                "iron": kind == "hoop",
                "rows": [
                    _height(report, diagnosis, plank, language, register)
                    for plank in shortest
                    if plank.kind == kind
                ],
            }
            for kind, title in groups
            if any(plank.kind == kind for plank in shortest)
        ],
    }


def _height(
    report: Report, diagnosis: DiagnosisCard, plank: PlankState, language: Language, register: Register
) -> Values:
    band = report.peers.planks.get(plank.code) if report.peers else None
    known = register.get(plank.code)
    proved = min(plank.verified_relative.low, plank.height.low)
    return {
        "name": _name(plank.code, language, register),
        "colour": known.colour[0] if known else None,
        "level": level(plank.height),
        "low": plank.height.low,
        "likely": plank.height.likely,
        "high": plank.height.high,
        "hole": plank.hole if plank.hole is not None and plank.hole < plank.wood.high else None,
        "wood": [plank.wood.low, plank.wood.high],
        "verified": f"≥ {level(proved)}" if proved else "–",
        "target": level(plank.target),
        "answered": f"{plank.answered} / {plank.asked}",
        "band": list(band) if band else None,
        "band_text": coded_range(band[0], band[2]) if band else "–",
        "binds": plank.code == diagnosis.binding,
    }


def _advice(advice: Advice, diagnosis: DiagnosisCard, language: Language, register: Register) -> Values:
    binding = _name(diagnosis.binding, language, register) if diagnosis.binding else ""
    hole = next((each for each in advice.holes if each.plank == diagnosis.binding), None)
    first = (
        words.HOLE_FIRST.say(
            language, name=binding, at=level(hole.height), what=hole.text.in_language(language)
        )
        if hole
        else ""
    )
    return {
        "title": words.ADVICE.in_language(language),
        "first": first,
        "questions": _questions(advice, diagnosis, language, register),
        "steps": steps_table(
            words.STEPS.say(language, name=binding),
            [_step(each, language) for each in advice.steps],
            (words.HEAD_PLANK, words.HEAD_WATER),
            language,
        )
        if binding
        else None,
    }


def _questions(advice: Advice, diagnosis: DiagnosisCard, language: Language, register: Register) -> Values:
    found = questions(advice, language, words.NARROWS, register)
    left = diagnosis.asked - diagnosis.answered
    return found | {"none": words.SETTLED.say(language, n=left).strip()} if left else found


def questions(advice: Advice, language: Language, head: Text, register: Register) -> Values:
    """The open questions with what each would settle."""
    rows = [
        {
            "text": each.leaf.question.in_language(language),
            "plank": _name(each.leaf.plank, language, register) if each.leaf.plank else "",
            "gain": narrowing(each.narrowing),
        }
        for each in advice.questions
    ]
    return {
        "title": words.QUESTIONS.in_language(language),
        "head": head.in_language(language),
        "rows": rows,
        "none": words.NOTHING_OPEN.in_language(language),
    }


def steps_table(title: str, rows: list[Values], gains: tuple[Text, ...], language: Language) -> Values:
    """Item, now, next step, and what it raises."""
    heads = (words.HEAD_ITEM, words.HEAD_NOW, words.HEAD_STEP, *gains)
    return {
        "title": title,
        "heads": [head.in_language(language) for head in heads],
        "rows": rows,
        "note": words.STEPS_NOTE.in_language(language),
        "none": words.NO_STEPS.in_language(language),
    }


def _one_step(report: Report, diagnosis: DiagnosisCard, language: Language, register: Register) -> str:
    if not report.advice or not report.advice.steps or not diagnosis.binding:
        return ""
    best = report.advice.steps[0]
    return words.ONE_STEP.say(
        language,
        item=best.leaf.name.in_language(language),
        now=best.now.in_language(language),
        step=best.step.words.in_language(language),
        plank=_name(diagnosis.binding, language, register),
        height=mean(best.step.plank_gain or 0.0),
        water=mean(best.step.gain),
    )


def first_of(advice: Advice | None, step: str, language: Language) -> list[Values]:
    """The one step and the one question that tell most, for the first page."""
    found = [{"title": words.ONE_THING.in_language(language), "text": step}] if step else []
    if advice and advice.questions:
        question = advice.questions[0].leaf.question.in_language(language)
        found.append({"title": words.ONE_ANSWER.in_language(language), "text": question})
    return found


def _step(found: NextStep, language: Language) -> Values:
    return {
        "item": found.leaf.name.in_language(language),
        "now": found.now.in_language(language),
        "step": found.step.words.in_language(language),
        "gains": [gain(found.step.plank_gain), gain(found.step.gain)],
    }
