"""Two entries turn out to be one firm: it shows both histories, its newest barrel is current, and undoing puts everything back."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from staveworks.cluster.barrel.comparing import compare_assessments
from staveworks.cluster.barrel.firms import FirmFilter, list_firms
from staveworks.cluster.barrel.models import (
    Answer,
    AnswerChange,
    Assessment,
    Attestation,
    Diagnosis,
    Evidence,
)
from staveworks.cluster.barrel.queries import (
    access_assessment,
    count_newer,
    find_barrel,
    list_assessments,
    list_to_attest,
)
from staveworks.cluster.barrel.types import AssessmentNotFound, AssessmentSetAside, Grade, State
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.open_evidence import open_evidence
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.settle_firm import settle_firm
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.queries import actor_for, operator_service
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.merge_firms import merge_firms, part_firms
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.jobs.reactions import REACTIONS
from tests.addresses import PNG
from tests.contract.caller import Caller, make_token
from tests.rooms.parties.test_revoking import browser
from tests.world import Firm, World, make_person, make_unclaimed, make_world

pytestmark = pytest.mark.django_db
LEAF, OTHER, THIRD = "产品设计", "工艺设计", "采购管理"
SETTLE = "staveworks.cluster.barrel.usecases.settle_firm.settle_firm"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def twin(world: World) -> Firm:
    """The entry that turns out to be 清河喷织厂 as well, and goes."""
    return make_unclaimed("清河喷水织造厂", world.operator)


def answered(actor: Actor, leaf: str = LEAF, value: int = 2, *, finish: bool = True) -> UUID:
    assessment = start_assessment(actor)
    save_answer(actor, assessment_id=assessment, leaf=leaf, value=value)
    if finish:
        finish_assessment(actor, assessment_id=assessment)
    return assessment


def merge(world: World, kept: UUID, gone: UUID) -> None:
    merge_firms(world.gao, kept=kept, gone=gone, values=None)
    settle_firm(operator_service(), subject=gone)


def part(world: World, kept: UUID, gone: UUID) -> None:
    part_firms(world.gao, kept=kept, gone=gone, values=None)
    settle_firm(operator_service(), subject=gone)


def everything(*firms: UUID) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the room, as the firms see them."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for firm in firms:
        with acting(org=firm):
            for model in (Assessment, Answer, AnswerChange, Evidence, Attestation, Diagnosis):
                rows = model.objects.filter(org_id=firm).order_by("pk")  # type: ignore[attr-defined]
                found[f"{firm} {model.__name__}"] = [tuple(map(str, row)) for row in rows.values_list()]
    return found


def current(firm: UUID) -> list[UUID]:
    with acting(org=firm):
        return list(
            Diagnosis.objects.filter(org_id=firm, current=True).values_list("assessment_id", flat=True)
        )


def test_the_surviving_firm_shows_both_histories_and_its_newest_barrel(world: World, twin: Firm) -> None:
    own = answered(world.gao_for(world.qinghe))
    newer = answered(world.gao_for(twin), OTHER)
    merge(world, world.qinghe.id, twin.id)
    steward = world.gao_for(world.qinghe)
    history = list_assessments(steward)
    assert [each.id for each in history] == [newer, own]
    assert [each.merged.zh if each.merged else None for each in history] == ["清河喷水织造厂", None]
    assert current(world.qinghe.id) == [newer]
    view = find_barrel(steward)
    assert view is not None
    assert (view.card.id, set(view.values)) == (newer, {OTHER})
    (row,) = [
        each for each in list_firms(world.gao, narrowed=FirmFilter()).rows if each.id == world.qinghe.id
    ]
    assert row.diagnosis is not None
    assert row.diagnosis.assessment_id == newer
    assert compare_assessments(steward, earlier=own, later=newer).later.id == newer


def test_an_older_history_doesnt_displace_a_newer_barrel(world: World, twin: Firm) -> None:
    answered(world.gao_for(twin), OTHER)
    own = answered(world.gao_for(world.qinghe))
    merge(world, world.qinghe.id, twin.id)
    assert current(world.qinghe.id) == [own]


def test_a_claimed_firm_keeps_its_own_barrel_and_shows_an_entrys_only_where_it_has_none(
    world: World, twin: Firm
) -> None:
    own = answered(world.lin)
    others = answered(world.gao_for(twin), OTHER)
    merge(world, world.chunhui.id, twin.id)
    assert current(world.chunhui.id) == [own], "what an operator answered doesn't displace it"
    part(world, world.chunhui.id, twin.id)
    merge(world, world.yuanda.id, twin.id)
    assert current(world.yuanda.id) == [others]
    fresh = answered(world.wu)
    assert current(world.yuanda.id) == [fresh]


def test_grants_of_the_surviving_firm_dont_open_the_entrys_records(world: World, twin: Firm) -> None:
    own = answered(world.lin)
    entrys = answered(world.gao_for(twin), OTHER)
    give_grant(
        world.lin,
        to=Grantee(org_id=world.yuanda.id),
        purpose=Purpose.SUPPLY,
        fields=[Field.ASSESSMENT, Field.BARREL],
    )
    merge(world, world.chunhui.id, twin.id)
    assert {each.id for each in list_assessments(world.lin)} == {own, entrys}
    with reading(world.wu, purpose=Purpose.SUPPLY, fields=[Field.ASSESSMENT, Field.BARREL]) as log:
        log.of([world.chunhui.id])
        assert list(Assessment.objects.values_list("id", flat=True)) == [own], "hers, not the entry's"
        assert not Answer.objects.filter(assessment_id=entrys).exists()


def test_undoing_puts_everything_back_exactly(world: World, twin: Firm) -> None:
    answered(world.gao_for(world.qinghe))
    answered(world.gao_for(world.qinghe), OTHER, finish=False)
    answered(world.gao_for(twin), OTHER)
    answered(world.gao_for(twin), LEAF, finish=False)
    before = everything(world.qinghe.id, twin.id)
    merge(world, world.qinghe.id, twin.id)
    assert everything(world.qinghe.id, twin.id) != before, "or the test shows nothing"
    part(world, world.qinghe.id, twin.id)
    assert everything(world.qinghe.id, twin.id) == before
    save_answer(world.gao_for(twin), assessment_id=answered_open(world.gao_for(twin)), leaf=LEAF, value=1)


def answered_open(actor: Actor) -> UUID:
    with acting(org=actor.org):
        return Assessment.objects.get(org_id=actor.org, state=State.OPEN).id


def test_it_may_run_any_number_of_times_and_follows_chains(world: World, twin: Firm) -> None:
    third = make_unclaimed("清河织造", world.operator)
    newest = answered(world.gao_for(twin))
    merge(world, world.qinghe.id, twin.id)
    merge(world, third.id, world.qinghe.id)
    for _ in range(2):
        settle_firm(operator_service(), subject=twin.id)
        settle_firm(operator_service(), subject=third.id)
    assert (current(third.id), current(world.qinghe.id)) == ([newest], [])
    part(world, third.id, world.qinghe.id)
    assert (current(third.id), current(world.qinghe.id)) == ([], [newest])


def test_the_events_of_merging_and_claiming_lead_to_it() -> None:
    for event in ("firm.merged", "firm.parted", "firm.unclaimed", "firm.reclaimed"):
        assert SETTLE in REACTIONS[event]


def test_two_that_are_open_the_firms_own_goes_on_and_takes_over_what_it_lacks(
    world: World, twin: Firm
) -> None:
    own = answered(world.gao_for(world.qinghe), LEAF, 1, finish=False)
    other = answered(world.gao_for(twin), OTHER, 2, finish=False)
    merge(world, world.qinghe.id, twin.id)
    steward = world.gao_for(world.qinghe)
    with pytest.raises(AssessmentNotFound):
        save_answer(steward, assessment_id=other, leaf=OTHER, value=0)
    assert access_assessment(steward, assessment_id=other).values == {OTHER: 2}, "a record to read"
    assert count_newer(steward, access_assessment(steward, assessment_id=own)) == 1
    assert start_assessment(steward) == own
    view = access_assessment(steward, assessment_id=own)
    assert view.values == {LEAF: 1, OTHER: 2}
    assert view.answers[OTHER].carried
    save_answer(steward, assessment_id=own, leaf=THIRD, value=1)


def test_an_open_one_of_the_entry_alone_is_gone_on_with_its_papers_included(world: World, twin: Firm) -> None:
    theirs = world.gao_for(twin)
    other = answered(theirs, OTHER, 2, finish=False)
    paper = store_file(theirs, name="scan.png", content=PNG)
    attach_evidence(theirs, assessment_id=other, leaf=OTHER, file_id=paper.id)
    merge(world, world.qinghe.id, twin.id)
    steward = world.gao_for(world.qinghe)
    begun = start_assessment(steward)
    view = access_assessment(steward, assessment_id=begun)
    assert view.values == {OTHER: 2}
    (taken,) = view.answers[OTHER].evidence
    assert taken.name == "scan.png"
    assert open_evidence(steward, assessment_id=begun, file_id=taken.file_id).content == PNG
    assert open_evidence(steward, assessment_id=other, file_id=paper.id).content == PNG, "and where it was"
    part(world, world.qinghe.id, twin.id)
    assert access_assessment(world.gao_for(twin), assessment_id=other).values == {OTHER: 2}


def claim(world: World, firm: Firm, name: str = "何清", phone: str = "+8613805750009") -> tuple[Actor, UUID]:
    person = Actor(make_person(name, phone=phone).id, None)
    started = start_claim(person, org_id=firm.id, method="licence").id
    decide_claim(world.gao, claim_id=started, grant=True)
    return actor_for(person.person, firm.id), started


class TestSight:
    """Whoever sees the surviving firm sees what its entries have; nobody else does."""

    def test_the_owner_gets_the_history_and_the_steward_loses_it(self, world: World, twin: Firm) -> None:
        other = answered(world.gao_for(twin))
        merge(world, world.qinghe.id, twin.id)
        owner, _ = claim(world, world.qinghe)
        assert [each.id for each in list_assessments(owner)] == [other]
        assert access_assessment(owner, assessment_id=other).values == {LEAF: 2}
        with acting(org=world.operator.id):
            assert not Assessment.objects.filter(id=other).exists()
            assert not Diagnosis.objects.filter(assessment_id=other).exists()
            assert not Answer.objects.filter(assessment_id=other).exists()

    def test_a_claimed_firm_gets_the_history_of_an_entry_merged_into_it(
        self, world: World, twin: Firm
    ) -> None:
        other = answered(world.gao_for(twin))
        merge(world, world.chunhui.id, twin.id)
        assert [each.id for each in list_assessments(world.lin)] == [other]
        with acting(org=world.operator.id):
            assert not Assessment.objects.filter(id=other).exists(), "it is the owner's now"
        part(world, world.chunhui.id, twin.id)
        assert list_assessments(world.lin) == []
        with acting(org=world.operator.id):
            assert Assessment.objects.filter(id=other).exists()

    def test_a_stranger_sees_nothing_of_it(self, world: World, twin: Firm) -> None:
        other = answered(world.gao_for(twin))
        merge(world, world.qinghe.id, twin.id)
        with pytest.raises(AssessmentNotFound):
            access_assessment(world.wu, assessment_id=other)
        with acting(org=world.yuanda.id):
            assert Diagnosis.objects.count() == Assessment.objects.count() == 0

    def test_nobody_lets_a_diagnosis_count_for_another_firm(self, world: World, twin: Firm) -> None:
        own = answered(world.lin)
        with (
            acting(org=world.chunhui.id),
            pytest.raises(IntegrityError, match="can't count"),
            transaction.atomic(),
        ):
            Diagnosis.objects.filter(assessment_id=own).update(org_id=world.yuanda.id)

    def test_papers_of_an_entry_are_attested_for_the_firm(self, world: World, twin: Firm) -> None:
        theirs = world.gao_for(twin)
        other = answered(theirs, finish=False)
        paper = store_file(theirs, name="scan.png", content=PNG)
        attach_evidence(theirs, assessment_id=other, leaf=LEAF, file_id=paper.id)
        finish_assessment(theirs, assessment_id=other)
        merge(world, world.qinghe.id, twin.id)
        assert [each.id for each in list_to_attest(world.gao)] == [other]
        attest_answer(world.gao, assessment_id=other, leaf=LEAF, grade=Grade.DOCUMENT)
        assert (
            access_assessment(world.gao_for(world.qinghe), assessment_id=other).answers[LEAF].grade
            == Grade.DOCUMENT
        )
        assert current(world.qinghe.id) == [other]


class TestARevokedClaim:
    """What was written under it is kept and counts for nothing, until it is undone."""

    def test_sets_its_assessments_aside_and_puts_the_earlier_one_back(self, world: World) -> None:
        earlier = answered(world.gao_for(world.qinghe), LEAF, 2)
        his, wrong = claim(world, world.qinghe, "冯冒", "+8613805756666")
        written = answered(his, OTHER, 0)
        assert current(world.qinghe.id) == [written]
        revoke_claim(world.gao, claim_id=wrong, reason="认错了")
        settle_firm(operator_service(), subject=world.qinghe.id)
        steward = world.gao_for(world.qinghe)
        states = {each.id: each.state for each in list_assessments(steward)}
        assert states == {earlier: State.FINISHED, written: State.SET_ASIDE}
        assert current(world.qinghe.id) == [earlier]
        for act in (
            lambda: save_answer(steward, assessment_id=written, leaf=LEAF, value=1),
            lambda: finish_assessment(steward, assessment_id=written),
        ):
            with pytest.raises(AssessmentSetAside):
                act()
        begun = start_assessment(steward)
        assert access_assessment(steward, assessment_id=begun).values == {LEAF: 2}, (
            "nothing of his is taken over"
        )
        with acting(org=world.qinghe.id):
            assert AnswerChange.objects.filter(assessment_id=written, person_id=his.person_id).exists()

    def test_what_was_under_way_before_goes_on_as_it_stood(self, world: World) -> None:
        under_way = answered(world.gao_for(world.qinghe), LEAF, 2, finish=False)
        his, wrong = claim(world, world.qinghe, "冯冒", "+8613805756666")
        save_answer(his, assessment_id=under_way, leaf=LEAF, value=0)
        save_answer(his, assessment_id=under_way, leaf=OTHER, value=0)
        revoke_claim(world.gao, claim_id=wrong, reason="认错了")
        for _ in range(2):
            settle_firm(operator_service(), subject=world.qinghe.id)
        steward = world.gao_for(world.qinghe)
        states = [(each.id == under_way, each.state) for each in list_assessments(steward)]
        assert states == [(False, State.OPEN), (True, State.SET_ASIDE)]
        assert access_assessment(steward, assessment_id=answered_open(steward)).values == {LEAF: 2}

    def test_counts_again_when_the_revocation_is_undone(self, world: World) -> None:
        under_way = answered(world.gao_for(world.qinghe), LEAF, 2, finish=False)
        his, wrong = claim(world, world.qinghe, "冯冒", "+8613805756666")
        save_answer(his, assessment_id=under_way, leaf=OTHER, value=0)
        revoke_claim(world.gao, claim_id=wrong, reason="认错了")
        settle_firm(operator_service(), subject=world.qinghe.id)
        undo_revocation(world.gao, claim_id=wrong)
        settle_firm(operator_service(), subject=world.qinghe.id)
        his = actor_for(his.person, world.qinghe.id)
        assert answered_open(his) == under_way
        save_answer(his, assessment_id=under_way, leaf=THIRD, value=1)
        assert access_assessment(his, assessment_id=under_way).values == {LEAF: 2, OTHER: 0, THIRD: 1}

    def test_the_true_owner_begins_without_his_answers(self, world: World) -> None:
        his, wrong = claim(world, world.qinghe, "冯冒", "+8613805756666")
        answered(his, OTHER, 0)
        revoke_claim(world.gao, claim_id=wrong, reason="认错了")
        settle_firm(operator_service(), subject=world.qinghe.id)
        hers, _ = claim(world, world.qinghe)
        assert find_barrel(hers) is None
        assert access_assessment(hers, assessment_id=start_assessment(hers)).values == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_tell_the_histories_apart(world: World, twin: Firm, language: str) -> None:
    answered(world.lin)
    other = answered(world.gao_for(twin), OTHER, finish=False)
    merge(world, world.chunhui.id, twin.id)
    client = browser(world.lin)
    client.cookies["django_language"] = language
    page = client.get("/diagnose/").content.decode()
    assert "清河喷水织造厂" in page
    assert ("并入" if language == "zh-hans" else "merged") in page
    shown = client.get(f"/diagnose/{other}/", follow=True)
    assert shown.status_code == 200
    assert not shown.context["may_answer"]
    assert not shown.context["may_attach"]
    assert client.get("/barrel/").status_code == 200
    assert client.get(f"/cluster/firms/{world.chunhui.id}/").status_code == 403


def test_by_the_api(world: World, twin: Firm) -> None:
    own, other = answered(world.lin), answered(world.gao_for(twin), OTHER)
    merge(world, world.chunhui.id, twin.id)
    api = Caller(make_token(world.lin))
    items = {each["id"]: each["merged"] for each in api.get("/api/v1/assessments").json()["items"]}
    assert items[str(own)] is None
    assert items[str(other)]["zh"] == "清河喷水织造厂"
    assert api.get("/api/v1/barrel").json()["assessment"] == str(own)
    put = api.put(
        f"/api/v1/assessments/{other}/answers/{LEAF}", {"value": 1}, content_type="application/json"
    )
    assert put.status_code == 404
