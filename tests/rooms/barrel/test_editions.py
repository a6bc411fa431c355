"""Rubrics are data: an eleventh plank, a new edition, an old one that stays what it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from staveworks.cluster.barrel.comparing import compare_assessments
from staveworks.cluster.barrel.queries import access_assessment, find_barrel
from staveworks.cluster.barrel.types import EditionInForce
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.rescore_assessment import rescore_assessment
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.kit.intervals import Interval
from tests.rooms.barrel.conftest import GREEN
from tests.rooms.barrel.test_answering import everything
from tests.world import World

Make = Callable[..., Path]


def test_an_eleventh_plank_that_is_data_alone_binds_like_any_other(world: World, data_folder: Make) -> None:
    data_folder([GREEN], edition="2026")
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers=everything() | {"green.a": 1, "green.b": 0})
    barrel = find_barrel(world.lin)
    assert barrel is not None
    card = barrel.card.diagnosis
    assert card is not None
    assert len(card.planks) == 11
    assert card.binding == "green"
    assert card.water == Interval.point(12.5)


def test_an_old_assessment_keeps_its_edition_until_a_rescore_is_asked_for(
    world: World, data_folder: Make
) -> None:
    old = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=old, answers=everything())
    finish_assessment(world.lin, assessment_id=old)
    with pytest.raises(EditionInForce):
        rescore_assessment(world.lin, assessment_id=old)
    data_folder([GREEN], edition="2027")
    before = access_assessment(world.lin, assessment_id=old)
    assert (before.card.edition, before.card.outdated) == ("2026", True)
    assert before.result.barrel is not None
    assert before.result.barrel.water_level == Interval.point(100)  # scored by the kept texts
    new = rescore_assessment(world.lin, assessment_id=old)
    comparison = compare_assessments(world.lin, earlier=old, later=new)
    assert comparison.later.rescored
    assert comparison.later.edition == "2027"
    assert comparison.answers == ()
    green = next(plank for plank in comparison.planks if plank.code == "green")
    assert (green.before, green.after) == (None, Interval(0, 50, 100))
    assert comparison.water.after == Interval(0, 50, 100)


def test_two_dates_are_compared_plank_by_plank_and_answer_by_answer(world: World) -> None:
    first = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=first, answers=everything(step=2))
    finish_assessment(world.lin, assessment_id=first)
    second = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=second, answers={"rnd.a": 4})
    comparison = compare_assessments(world.lin, earlier=first, later=second)
    changed = {plank.code: plank.difference for plank in comparison.planks if plank.difference}
    assert changed == {"rnd": 25}
    assert [(each.leaf, each.before, each.after) for each in comparison.answers] == [("rnd.a", 2, 4)]
