"""The map on paper: a PDF of everything on the page, and the map alone as a picture."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from staveworks.cluster.barrel.atlas import words
from staveworks.cluster.barrel.atlas.course import draw_trend
from staveworks.cluster.barrel.atlas.drawing import described, draw_map, short_of
from staveworks.cluster.barrel.atlas.printed import for_print
from staveworks.cluster.barrel.atlas.spans import band_of
from staveworks.cluster.barrel.atlas.types import Atlas, Line, Narrowed
from staveworks.cluster.barrel.published.coding import coded
from staveworks.kit.data import data_file
from staveworks.kit.figures import level, number
from staveworks.kit.planks import Register, load_register
from staveworks.kit.printing import print_pdf, print_png
from staveworks.kit.text import Language, Text

HERE = Path(__file__).parent
Values = dict[str, Any]
HEAT_EXACT = {"places": words.HEAT_PLACES, "trades": words.HEAT_TRADES}
HEAT_PUBLISHED = {"places": words.HEIGHT_PLACES, "trades": words.HEIGHT_TRADES}


def print_atlas(atlas: Atlas, language: Language) -> tuple[bytes, str]:
    """The PDF and its name. Where there is nothing to show, it says so, as the page does."""
    values = _values(atlas, language)
    return print_pdf(HERE / "atlas.typ", values, at=timezone.now().replace(microsecond=0)), values["name"]


def print_picture(atlas: Atlas, language: Language) -> tuple[bytes, str] | None:
    """The map as PNG, and its name; None where no place has coordinates."""
    values = _values(atlas, language)
    if not values["map"]:
        return None
    return print_png(HERE / "map.typ", values), values["name"]


def _values(atlas: Atlas, language: Language) -> Values:
    register = load_register(data_file("planks.yaml"))
    title = (words.MAP if atlas.exact else words.PUBLISHED).in_language(language)
    place = (atlas.trail[-1].name if atlas.trail else words.EVERYTHING).in_language(language)
    today = f"{timezone.localdate():%Y-%m-%d}"
    when = today if atlas.exact else atlas.period or today
    drawn = draw_map(atlas, language, register)
    course = draw_trend(atlas.trend, language, exact=atlas.exact)
    return {
        "language": language,
        "title": title,
        "name": f"{title} {place} {when}",
        "place": place,
        "when": when,
        "facts": _facts(atlas, language),
        "sentence": sentence(atlas, language, register),
        "map": for_print(drawn) if drawn else "",
        "map_alt": described(atlas, language, register),
        "sketch": words.SKETCH.in_language(language),
        "tables": _tables(atlas, language, register),
        "heat": [_heat(atlas, kind, language, register) for kind in ("places", "trades")],
        "course_title": (words.TREND if atlas.exact else words.TREND_PUBLISHED).in_language(language),
        "course": for_print(course) if course else "",
        "note": (words.NOTE_EXACT if atlas.exact else words.NOTE_PUBLISHED).say(language, n=atlas.fewest),
    }


def sentence(atlas: Atlas, language: Language, register: Register) -> str:
    """The state in words."""
    total = atlas.total
    if total is None:
        return _nothing(atlas).say(language, period=atlas.period, n=atlas.fewest)
    short = short_of(total, language, register)
    if total.median is None:
        return words.NO_BARREL_SEEN.say(language, n=number(total.firms))
    wording = words.STATE_EXACT if atlas.exact else words.STATE_PUBLISHED
    said = wording.say(
        language,
        n=number(total.firms),
        assessed=number(total.diagnosed),
        median=_level(atlas, total.median),
        band=band_of(total, exact=atlas.exact),
    )
    return said + (words.STATE_SHORT.say(language, planks=short) if short else "")


def _nothing(atlas: Atlas) -> Text:
    if atlas.nowhere:
        return words.NOWHERE
    if atlas.exact:
        return words.NO_FIRMS
    if not atlas.period:
        return words.NOTHING_PUBLISHED
    return words.NO_SUCH_GROUP if atlas.narrowed != Narrowed() else words.NO_GROUP


def _facts(atlas: Atlas, language: Language) -> list[str]:
    return [
        choice.name.in_language(language)
        for choices, key in (
            (atlas.trade_choices, atlas.narrowed.business_type),
            (atlas.size_choices, atlas.narrowed.size),
        )
        for choice in choices
        if key and choice.key == key
    ]


def _level(atlas: Atlas, value: float | None) -> str:
    if value is None:
        return "–"
    return level(value) if atlas.exact else coded(value)


def _tables(atlas: Atlas, language: Language, register: Register) -> list[Values]:
    firms = words.HEAD_FIRMS if atlas.exact else words.HEAD_AT_LEAST
    heads = [firms, words.HEAD_LEVEL, words.HEAD_HALF, words.HEAD_SHORT]
    groups = ((words.BY_PLACE, atlas.places), (words.BY_TRADE, atlas.trades))
    return [
        {
            "title": title.in_language(language),
            "heads": [head.in_language(language) for head in heads],
            "rows": [_row(atlas, line, language, register) for line in lines],
        }
        for title, lines in groups
        if lines
    ]


def _row(atlas: Atlas, line: Line, language: Language, register: Register) -> Values:
    return {
        "name": line.name.in_language(language),
        "firms": number(line.firms),
        "level": _level(atlas, line.median),
        "half": band_of(line, exact=atlas.exact),
        "span": [line.low, line.median, line.high] if line.median is not None else None,
        "short": short_of(line, language, register),
    }


def _heat(atlas: Atlas, kind: str, language: Language, register: Register) -> Values:
    lines: tuple[Line, ...] = getattr(atlas, kind)
    titles = HEAT_EXACT if atlas.exact else HEAT_PUBLISHED
    planks = [code for code in atlas.planks if code in register]
    return {
        "title": titles[kind].in_language(language),
        "unit": (words.HEAT_FIRMS if atlas.exact else words.HEAT_HEIGHTS).in_language(language),
        "heads": [register[code].name.in_language(language) for code in planks],
        "rows": [
            {"name": line.name.in_language(language), "cells": [_cell(atlas, line, code) for code in planks]}
            for line in lines
        ],
    }


def _cell(atlas: Atlas, line: Line, plank: str) -> Values:
    """Written figure and its shade 0–1, as on the page."""
    value = line.cells.get(plank)
    if atlas.exact:
        firms = value or 0.0
        share = min(1.0, 2 * firms / line.diagnosed) if line.diagnosed else 0.0
        return {"text": number(firms), "shade": share, "few": firms < atlas.fewest}
    if value is None:
        return {"text": "–", "shade": 0.0, "few": False}
    return {"text": coded(value), "shade": max(0.0, min(1.0, (80 - value) / 60)), "few": False}
