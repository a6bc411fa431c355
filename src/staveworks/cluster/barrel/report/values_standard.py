"""The parts of the report that speak of a standard without planks: score, level, parts, gates, what is missing."""

from staveworks.cluster.barrel.report import words
from staveworks.cluster.barrel.report.cells import Values, gain, runs
from staveworks.cluster.barrel.report.content import Advice, NextStep, Report, Standard
from staveworks.cluster.barrel.report.values_barrel import first_of, questions, steps_table
from staveworks.engine.barrel import GateOutcome, LevelGap
from staveworks.kit.figures import level, mean, percent
from staveworks.kit.planks import Register
from staveworks.kit.text import Language, Text


def values_of(report: Report, language: Language, register: Register) -> Values:
    """Of a report by a standard."""
    standard = report.standard
    assert standard is not None
    return {
        "sentence": _sentence(report, standard, language),
        "second": "",
        "picture": None,
        "first": first_of(report.advice, _one_step(report.advice, language), language),
        "heights": None,
        "advice": _advice(report.advice, language, register) if report.advice else None,
        "standard": {
            "picture": _picture_title(standard).in_language(language),
            "score": [standard.score.low, standard.score.likely, standard.score.high],
            "written": mean(standard.score),
            "marks": [
                [score, name.in_language(language)] for name, score in standard.levels if score is not None
            ],
            "parts": _parts(standard, language),
            "gaps": _gaps(standard, language),
            "gates": _gates(standard, language),
        },
    }


def _picture_title(standard: Standard) -> Text:
    marked = any(score is not None for _, score in standard.levels)
    return words.SCORE_PICTURE if marked else words.SCORE_ALONE


def _sentence(report: Report, standard: Standard, language: Language) -> list[Values]:
    reached, stop = standard.level, words.STOP.in_language(language)
    parts = [
        (words.SCORE.in_language(language), "plain"),
        (mean(standard.score), "water"),
        (_level(standard, language) if reached else "", "plain"),
        (stop, "plain"),
    ]
    left = report.method.asked - report.method.answered
    parts.append((words.OPEN_QUESTIONS.say(language, n=left) if left else "", "plain"))
    return runs(*parts)


def _level(standard: Standard, language: Language) -> str:
    span = standard.level
    assert span is not None
    if span.low == 0:
        return words.NOT_YET.in_language(language)
    low = span.low_name.in_language(language)
    if span.low == span.high:
        return words.LEVEL_REACHED.say(language, name=low)
    return words.LEVEL_BETWEEN.say(language, low=low, high=span.high_name.in_language(language))


def _parts(standard: Standard, language: Language) -> Values:
    heads = (words.HEAD_PART, words.HEAD_WEIGHT, words.HEAD_SCORE)
    rows = [
        {
            "name": part.name.in_language(language),
            "depth": part.depth,
            "weight": percent(part.weight, language, 0 if part.weight >= 0.01 else 1),
            "score": level(part.score),
            "low": part.score.low,
            "likely": part.score.likely,
            "high": part.score.high,
        }
        for part in standard.parts
    ]
    return {
        "title": words.PARTS.in_language(language),
        "heads": [head.in_language(language) for head in heads],
        "rows": rows,
    }


def _gaps(standard: Standard, language: Language) -> Values | None:
    if not standard.levels:
        return None
    if standard.next_level is None:
        return {"title": words.TOP_LEVEL.in_language(language), "heads": [], "rows": []}
    heads = (words.HEAD_CONDITION, words.HEAD_HAVE, words.HEAD_NEED)
    return {
        "title": words.GAPS.say(language, name=standard.next_level.in_language(language)),
        "heads": [head.in_language(language) for head in heads],
        "rows": [_gap(gap, language) for gap in standard.gaps],
    }


GAPS: dict[str, Text] = {
    "score": words.GAP_SCORE,
    "answers": words.GAP_ANSWERS,
    "gates": words.GAP_GATES,
}


def _gap(gap: LevelGap, language: Language) -> Values:
    name = GAPS[gap.kind].say(language, of=gap.of, at=f"{gap.at:g}" if gap.at is not None else "")
    have = mean(gap.have) if gap.kind == "score" else level(gap.have)
    return {"name": name, "have": have, "need": level(gap.need), "met": gap.met}


def _gates(standard: Standard, language: Language) -> Values | None:
    if not standard.gates:
        return None
    heads = (words.HEAD_CONDITION, words.HEAD_RESULT)
    return {
        "title": words.GATES.in_language(language),
        "heads": [head.in_language(language) for head in heads],
        "rows": [
            {
                "name": gate.name.in_language(language),
                "result": _gate(gate).in_language(language),
                "met": gate.sure,
            }
            for gate in standard.gates
        ],
    }


def _gate(gate: GateOutcome) -> Text:
    if gate.sure:
        return words.GATE_PASSED
    return words.GATE_OPEN if gate.possible else words.GATE_FAILED


def _advice(advice: Advice, language: Language, register: Register) -> Values:
    rows = [_step(each, language) for each in advice.steps]
    return {
        "title": words.ADVICE.in_language(language),
        "first": "",
        "questions": questions(advice, language, words.NARROWS_SCORE, register),
        "steps": steps_table(words.STEPS_STANDARD.in_language(language), rows, (words.HEAD_SCORE,), language),
    }


def _one_step(advice: Advice | None, language: Language) -> str:
    if not advice or not advice.steps:
        return ""
    best = advice.steps[0]
    return words.ONE_STEP_SCORE.say(
        language,
        item=best.leaf.name.in_language(language),
        now=best.now.in_language(language),
        step=best.step.words.in_language(language),
        score=mean(best.step.gain),
    )


def _step(found: NextStep, language: Language) -> Values:
    return {
        "item": found.leaf.name.in_language(language),
        "now": found.now.in_language(language),
        "step": found.step.words.in_language(language),
        "gains": [gain(found.step.gain)],
    }
