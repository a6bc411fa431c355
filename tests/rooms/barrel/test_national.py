"""The national rubrics beside the ten planks: each with its own history, sharing the newest answer to a shared question."""

from uuid import UUID

import pytest

from staveworks.cluster.barrel.comparing import compare_assessments
from staveworks.cluster.barrel.models import Answer, Attestation, Evidence
from staveworks.cluster.barrel.queries import access_assessment, count_newer, find_barrel, list_assessments
from staveworks.cluster.barrel.types import DifferentRubrics, State
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.cluster.barrel.usecases.clear_answer import clear_answer
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.engine.barrel import UnknownRubric
from staveworks.foundation.facts.types import Field, Grade, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor
from staveworks.kit.intervals import Interval
from tests.world import World, make_world

PLANKS, DIGITAL, SRDI = "staveworks-planks-2026", "miit-sme-digital-2024", "miit-srdi-2022"
SHARED = "产品设计"  # asked by the ten planks and by the digital rubric
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def values(actor: Actor, assessment: UUID) -> dict[str, object]:
    return dict(access_assessment(actor, assessment_id=assessment).values)


def answered(actor: Actor, rubric: str, **answers: object) -> UUID:
    """An assessment by ``rubric`` with these answers; the codes' dots are written ``__``."""
    assessment = start_assessment(actor, rubric=rubric)
    given = {code.replace("__", "."): value for code, value in answers.items()}
    save_answers(actor, assessment_id=assessment, answers=given)  # type: ignore[arg-type]
    return assessment


def test_each_rubric_has_an_assessment_of_its_own_and_the_barrel_stays_the_barrel(world: World) -> None:
    planks = answered(world.lin, PLANKS, rnd__samples=3)
    digital = answered(world.lin, DIGITAL, base__sys__cov=4)
    assert start_assessment(world.zhou, rubric=DIGITAL) == digital
    assert start_assessment(world.zhou) == planks
    finish_assessment(world.lin, assessment_id=digital)
    cards = {card.rubric: card for card in list_assessments(world.lin)}
    assert cards[PLANKS].state == State.OPEN, "finishing one leaves the other as it is"
    card = cards[DIGITAL]
    assert (card.state, card.by_planks, card.diagnosis) == (State.FINISHED, False, None)
    assert card.scored is not None
    assert (card.scored.score.low, card.scored.score.high) == (10, 100)
    assert card.scored.level is not None
    assert (card.scored.level.low, card.scored.level.high) == (0, 4)
    assert card.scored.answered == 1
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.card.id == planks


def test_a_rubric_that_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(UnknownRubric):
        start_assessment(world.lin, rubric="nothing")


def test_the_newest_answer_to_a_shared_question_counts_wherever_it_was_given(world: World) -> None:
    planks = answered(world.lin, PLANKS, 产品设计=1)
    finish_assessment(world.lin, assessment_id=planks)
    digital = answered(world.lin, DIGITAL)
    assert values(world.lin, digital) == {SHARED: 1}, "taken over at the start"
    save_answer(world.lin, assessment_id=digital, leaf=SHARED, value=3)
    assert count_newer(world.lin, access_assessment(world.lin, assessment_id=planks)) == 1
    again = start_assessment(world.lin)
    assert values(world.lin, again)[SHARED] == 3
    state = access_assessment(world.lin, assessment_id=again).answers[SHARED]
    assert state.carried
    newer = access_assessment(world.lin, assessment_id=digital).answers[SHARED]
    assert state.answered_at == newer.answered_at, "it keeps the date on which it was given"


def test_going_on_takes_over_what_was_answered_elsewhere_in_the_meantime(world: World) -> None:
    srdi = answered(world.lin, SRDI, spec__years=4)
    assert count_newer(world.lin, access_assessment(world.lin, assessment_id=srdi)) == 0
    scenes = dict.fromkeys(["产品设计", "营销管理", "生产管控", "质量管理", "设备管理", "能耗管理"], 2)
    answered(world.lin, DIGITAL, **scenes)
    view = access_assessment(world.lin, assessment_id=srdi)
    assert count_newer(world.lin, view) == len(scenes)
    assert not view.result.leaves["refine.digital"].answered
    assert start_assessment(world.lin, rubric=SRDI) == srdi
    view = access_assessment(world.lin, assessment_id=srdi)
    assert count_newer(world.lin, view) == 0
    assert view.values["spec.years"] == 4
    assert set(scenes) < set(view.values)


def test_an_own_later_answer_is_not_overwritten_and_one_taken_back_does_not_return(world: World) -> None:
    digital = answered(world.lin, DIGITAL, 产品设计=1, 营销管理=1)
    planks = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=planks, leaf=SHARED, value=4)
    clear_answer(world.lin, assessment_id=planks, leaf="营销管理")
    start_assessment(world.lin)
    assert values(world.lin, planks) == {SHARED: 4}
    finish_assessment(world.lin, assessment_id=planks)
    again = start_assessment(world.lin)
    assert values(world.lin, again) == {SHARED: 4}, (
        "taken back last, though the other assessment still has it"
    )
    assert values(world.lin, digital) == {SHARED: 1, "营销管理": 1}


def test_what_stands_behind_an_answer_goes_with_it_to_another_rubric(world: World) -> None:
    digital = answered(world.lin, DIGITAL, 产品设计=3)
    stored = store_file(world.lin, name="设计系统.pdf", content=PDF)
    attach_evidence(world.lin, assessment_id=digital, leaf=SHARED, file_id=stored.id)
    let_see(world)
    attest_answer(world.gao, assessment_id=digital, leaf=SHARED, grade=Grade.DOCUMENT)
    planks = start_assessment(world.lin)
    state = access_assessment(world.lin, assessment_id=planks).answers[SHARED]
    assert [paper.file_id for paper in state.evidence] == [stored.id]
    assert state.grade == Grade.DOCUMENT
    save_answer(world.lin, assessment_id=planks, leaf=SHARED, value=4)
    state = access_assessment(world.lin, assessment_id=planks).answers[SHARED]
    assert state.grade == Grade.SELF, "a changed answer loses what vouched for the other"


def test_an_older_attestation_does_not_vouch_for_a_newer_answer(world: World) -> None:
    """The earlier ten-plank answer was attested; the newest answer, given elsewhere, differs and was not."""
    planks = answered(world.lin, PLANKS, 产品设计=1)
    finish_assessment(world.lin, assessment_id=planks)
    let_see(world)
    attest_answer(world.gao, assessment_id=planks, leaf=SHARED)
    assert access_assessment(world.lin, assessment_id=planks).answers[SHARED].grade == Grade.INSPECTOR
    digital = start_assessment(world.lin, rubric=DIGITAL)
    save_answer(world.lin, assessment_id=digital, leaf=SHARED, value=4)
    again = start_assessment(world.lin)
    state = access_assessment(world.lin, assessment_id=again).answers[SHARED]
    assert (state.value, state.grade) == (4, Grade.SELF)


def test_two_dates_of_one_rubric_are_compared_in_points(world: World) -> None:
    first = answered(world.lin, DIGITAL, base__sys__cov=2, mgmt__plan__exec=5)
    finish_assessment(world.lin, assessment_id=first)
    second = answered(world.lin, DIGITAL, base__sys__cov=4)
    found = compare_assessments(world.lin, earlier=first, later=second)
    assert found.score.before is not None
    assert found.score.after is not None
    assert (found.score.before.low, found.score.after.low) == (12.5, 17.5)
    groups = {each.code: each for each in found.groups}
    assert groups["base"].before == Interval(5, 25, 45)
    assert groups["base"].after == Interval(10, 30, 50)
    assert groups["mgmt"].difference == 0
    assert [(each.leaf, each.before, each.after) for each in found.answers] == [("base.sys.cov", 2, 4)]
    assert found.planks == ()


def test_assessments_by_different_rubrics_are_not_compared(world: World) -> None:
    one, two = answered(world.lin, DIGITAL, base__sys__cov=2), answered(world.lin, SRDI, spec__years=3)
    with pytest.raises(DifferentRubrics):
        compare_assessments(world.lin, earlier=one, later=two)


def test_another_firm_sees_nothing_of_it_and_takes_nothing_over(world: World) -> None:
    answered(world.lin, DIGITAL, 产品设计=3)
    theirs = start_assessment(world.wu)
    assert values(world.wu, theirs) == {}
    with acting(org=world.yuanda.id):
        assert not Answer.objects.exists()
        assert not Evidence.objects.exists()
        assert not Attestation.objects.exists()


def let_see(world: World) -> None:
    give_grant(
        world.lin,
        to=Grantee(world.operator.id),
        purpose=Purpose.ATTESTATION,
        fields=[Field.ASSESSMENT, Field.DOCUMENTS],
    )
