"""Searches labelled by hand over the demo's offers: how much of what is found is wanted, and of what is wanted is found.

The figures stand in docs/explanation/search.md; `pytest -s` prints them with every search that isn't answered whole.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from staveworks.trade.catalogue.search import Wanted, search_offers
from tests.trading import EVERY_WAY, make_market
from tests.world import make_world

QUERIES = Path(__file__).parent / "catalogue" / "queries.yaml"


@dataclass(frozen=True)
class Answer:
    """One search: how exact, how complete, and whether the first that was found is wanted."""

    precision: float
    recall: float
    first: float


def answer(found: list[str], wanted: set[str]) -> Answer:
    hits = [title for title in found if title in wanted]
    return Answer(
        precision=len(hits) / len(found) if found else 0.0,
        recall=len(hits) / len(wanted),
        first=float(bool(found) and found[0] in wanted),
    )


def mean(answers: list[Answer]) -> Answer:
    count = len(answers)
    return Answer(
        sum(each.precision for each in answers) / count,
        sum(each.recall for each in answers) / count,
        sum(each.first for each in answers) / count,
    )


def test_what_is_searched_is_found_and_little_else(db: None, settings: Any) -> None:
    settings.MECHANISMS = EVERY_WAY
    world = make_world()
    titles = {version.content.title.zh for version in make_market()}
    answers: dict[bool, list[Answer]] = {False: [], True: []}
    for query in yaml.safe_load(QUERIES.read_text("utf-8")):
        assert set(query["finds"]) <= titles, query
        found = search_offers(world.lin, Wanted(words=query["ask"]), limit=60)
        got = [card.title.zh for card in found.cards]
        assert len(got) == found.total
        given = answer(got, set(query["finds"]))
        answers[query.get("held_out", False)].append(given)
        if min(given.precision, given.recall) < 1:
            print(query["ask"], given, "missing", set(query["finds"]) - set(got), "besides", got)
    tuned, held_out = mean(answers[False]), mean(answers[True])
    print("sixty:", tuned, "\nheld out:", held_out)
    assert len(answers[False]) == 60
    assert (tuned.precision, tuned.recall, tuned.first) >= (0.9, 0.9, 0.98)
    assert tuned.recall >= 0.9
    assert tuned.first >= 0.98
    assert held_out.precision >= 0.8
    assert held_out.recall >= 0.8
    assert held_out.first >= 0.9


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ([], {"a"}, Answer(0, 0, 0)),
        (["a"], {"a", "b"}, Answer(1, 0.5, 1)),
        (["c", "a"], {"a"}, Answer(0.5, 1, 0)),
    ],
)
def test_an_answer_is_measured_as_it_is(found: list[str], wanted: set[str], expected: Answer) -> None:
    assert answer(found, wanted) == expected
