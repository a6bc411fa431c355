"""Saving answers: what is kept, what is refused, what it comes to."""

import pytest
from django.db import IntegrityError, connection, transaction

from staveworks.cluster.barrel.models import Answer, AnswerChange, Assessment, Diagnosis
from staveworks.cluster.barrel.queries import (
    access_assessment,
    find_barrel,
    find_open_assessment,
    list_assessments,
)
from staveworks.cluster.barrel.types import AssessmentFinished, AssessmentNotFound, Kind, NothingAnswered
from staveworks.cluster.barrel.usecases.choose_profile import choose_profile
from staveworks.cluster.barrel.usecases.clear_answer import clear_answer
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.mark_not_applicable import mark_not_applicable
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.engine.barrel import AnswerRefused, TargetRefused, load_rubric
from staveworks.foundation.parties.types import RightMissing
from staveworks.kit.intervals import Interval
from tests.rooms.barrel.rubrics import RUBRIC
from tests.world import World


def test_an_unanswered_leaf_is_an_interval_and_never_zero(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)
    barrel = find_barrel(world.lin)
    assert barrel is not None
    diagnosis = barrel.card.diagnosis
    assert diagnosis is not None
    assert diagnosis.planks["rnd"].height == Interval(50, 75, 100)  # half of it known to be 100
    assert diagnosis.planks["logistics"].height == Interval(0, 50, 100)
    assert (diagnosis.water.low, diagnosis.water.high) == (0, 100)
    assert (diagnosis.answered, diagnosis.asked) == (1, 20)


def test_the_diagnosis_is_what_the_engine_computes_from_the_answers(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answers(
        world.lin, assessment_id=assessment, answers=everything() | {"procurement.a": 1, "procurement.b": 0}
    )
    view = access_assessment(world.lin, assessment_id=assessment)
    diagnosis = view.card.diagnosis
    assert diagnosis is not None
    assert diagnosis.planks["procurement"].height == Interval.point(12.5)
    assert diagnosis.water == Interval.point(12.5)
    assert diagnosis.binding == "procurement"
    assert view.result.barrel is not None
    assert view.result.barrel.water_level == diagnosis.water
    assert view.questions == ()


def test_a_hole_lowers_what_counts_and_leaves_the_wood(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers=everything() | {"production.b": 0})
    card = access_assessment(world.lin, assessment_id=assessment).card.diagnosis
    assert card is not None
    plank = card.planks["production"]
    assert plank.wood == Interval.point(50)
    assert plank.height == Interval.point(20)
    assert plank.hole == 20


def test_a_wrong_answer_is_refused_at_its_field_and_nothing_else_is_lost(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=2)
    for leaf, value in (("rnd.a", 9), ("rnd.b", "n/A"), ("rnd.zz", 1), ("rnd.a", [1])):
        with pytest.raises(AnswerRefused) as refused:
            save_answer(world.lin, assessment_id=assessment, leaf=leaf, value=value)
        assert refused.value.field == leaf
    assert access_assessment(world.lin, assessment_id=assessment).values == {"rnd.a": 2}


def test_not_applicable_is_an_answer_only_where_it_is_allowed(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=2)
    mark_not_applicable(world.lin, assessment_id=assessment, leaf="rnd.b")
    card = access_assessment(world.lin, assessment_id=assessment).card.diagnosis
    assert card is not None
    assert card.planks["rnd"].height == Interval.point(50)  # its weight went to its sibling
    with pytest.raises(AnswerRefused):
        mark_not_applicable(world.lin, assessment_id=assessment, leaf="rnd.a")


def test_an_answer_taken_back_is_unanswered_and_its_history_stays(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=2)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=3)
    clear_answer(world.lin, assessment_id=assessment, leaf="rnd.a")
    view = access_assessment(world.lin, assessment_id=assessment)
    assert view.values == {}
    assert view.card.diagnosis is not None
    assert view.card.diagnosis.planks["rnd"].height == Interval(0, 50, 100)
    with acting(org=world.chunhui.id):
        changes = (
            AnswerChange.objects.filter(assessment_id=assessment)
            .order_by("id")
            .values_list("value", flat=True)
        )
        assert list(changes) == [2, 3, None]


def test_another_device_and_another_person_resume_the_same_assessment(world: World) -> None:
    quick = start_assessment(world.lin, kind=Kind.QUICK)
    save_answer(world.lin, assessment_id=quick, leaf="rnd.a", value=1)
    assert start_assessment(world.zhou, kind=Kind.QUICK) == quick
    assert start_assessment(world.zhou) == quick
    view = access_assessment(world.zhou, assessment_id=quick)
    assert view.card.kind == Kind.FULL
    assert view.values == {"rnd.a": 1}
    assert find_open_assessment(world.zhou) == quick


def test_a_finished_assessment_cannot_be_changed_by_anybody(world: World) -> None:
    assessment = start_assessment(world.lin)
    with pytest.raises(NothingAnswered):
        finish_assessment(world.lin, assessment_id=assessment)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=1)
    finish_assessment(world.lin, assessment_id=assessment)
    with pytest.raises(AssessmentFinished):
        save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=2)
    with acting(org=world.chunhui.id):
        found = Assessment.objects.filter(id=assessment)
        for forbidden in (
            lambda: Answer.objects.filter(assessment_id=assessment).update(value=4),
            lambda: Answer.objects.filter(assessment_id=assessment).delete(),
            lambda: found.update(state="open", finished_at=None),
            lambda: found.update(profile="even"),
            lambda: Diagnosis.objects.filter(assessment_id=assessment).update(water_low=100),
            lambda: Diagnosis.objects.filter(assessment_id=assessment).delete(),
        ):
            with pytest.raises(IntegrityError, match=r"finished|can't become|is kept"), transaction.atomic():
                forbidden()
        assert list(Answer.objects.filter(assessment_id=assessment).values_list("value", flat=True)) == [1]


def test_the_next_assessment_begins_with_the_earlier_answers_and_supersedes_it(world: World) -> None:
    first = start_assessment(world.lin, profile="even")
    save_answers(world.lin, assessment_id=first, answers={"rnd.a": 1, "ip.a": 2})
    finish_assessment(world.lin, assessment_id=first)
    second = start_assessment(world.lin)
    view = access_assessment(world.lin, assessment_id=second)
    assert view.values == {"rnd.a": 1, "ip.a": 2}
    assert all(state.carried for state in view.answers.values())
    assert view.card.profile == "even"
    save_answer(world.lin, assessment_id=second, leaf="rnd.a", value=3)
    finish_assessment(world.lin, assessment_id=second)
    assert [(card.id, card.state) for card in list_assessments(world.lin)] == [
        (second, "finished"),
        (first, "superseded"),
    ]
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.card.id == second


def test_targets_may_differ_only_with_a_reason(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers=everything() | {"rnd.a": 2, "rnd.b": 0})
    with pytest.raises(Exception, match="理由"):
        choose_profile(world.lin, assessment_id=assessment, profile="even", adjustments={"rnd": 50})
    with pytest.raises(TargetRefused):
        choose_profile(
            world.lin, assessment_id=assessment, profile="even", adjustments={"rnd": 101}, reason="来料加工"
        )
    choose_profile(
        world.lin, assessment_id=assessment, profile="even", adjustments={"rnd": 50}, reason="来料加工"
    )
    card = access_assessment(world.lin, assessment_id=assessment).card.diagnosis
    assert card is not None
    assert card.planks["rnd"].height == Interval.point(50)
    assert card.planks["rnd"].own == Interval.point(25)


def test_only_those_with_the_right_answer_or_read(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=1)
    viewer = world.lin.narrowed_to(frozenset({"barrel.read"}))
    with pytest.raises(RightMissing):
        save_answer(viewer, assessment_id=assessment, leaf="rnd.a", value=2)
    with pytest.raises(RightMissing):
        access_assessment(viewer, assessment_id=assessment)
    assert find_barrel(viewer) is not None


def test_another_firm_can_neither_read_nor_write(world: World) -> None:
    mine = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=mine, leaf="rnd.a", value=1)
    assert access_assessment(world.lin, assessment_id=mine).values == {"rnd.a": 1}
    with pytest.raises(AssessmentNotFound):
        access_assessment(world.wu, assessment_id=mine)
    with pytest.raises(AssessmentNotFound):
        save_answer(world.wu, assessment_id=mine, leaf="rnd.a", value=2)
    with acting(org=world.yuanda.id):
        assert not Assessment.objects.exists()
        assert not Answer.objects.exists()
        assert not Diagnosis.objects.exists()
        assert Answer.objects.filter(assessment_id=mine).update(value=4) == 0


def test_rows_cannot_point_across_organisations(world: World) -> None:
    mine = start_assessment(world.lin)
    other = start_assessment(world.wu)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(org=world.yuanda.id):
        Answer.objects.create(org_id=world.yuanda.id, assessment_id=mine, leaf="rnd.a", value=1)
    save_answer(
        world.wu, assessment_id=other, leaf="rnd.a", value=1
    )  # the same in its own assessment goes through
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def everything(step: int = 4) -> dict[str, int]:
    """A full mark on every question of the small rubric."""
    leaves = load_rubric(RUBRIC).leaves
    return {leaf.code: step if leaf.code.endswith(".a") else 1 for leaf in leaves}
