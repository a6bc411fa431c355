"""Papers and inspectors: what makes a height verified, and what takes that away."""

from uuid import UUID

import pytest

from staveworks.cluster.barrel.models import Attestation
from staveworks.cluster.barrel.queries import access_assessment, find_barrel, list_to_attest
from staveworks.cluster.barrel.types import (
    AssessmentNotFound,
    EvidenceFileNotFound,
    GradeUnknown,
    NoPaper,
    NotYetAnswered,
    OwnAttestation,
    PlatformOnly,
)
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.facts.types import Field, Grade, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.parties.types import Actor, RightMissing, Role
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.web.diagnose.rows import barrel_page
from tests.world import World, join, make_person


def verified(actor: Actor, assessment: UUID, plank: str = "rnd") -> float:
    card = access_assessment(actor, assessment_id=assessment).card.diagnosis
    assert card is not None
    return card.planks[plank].verified_relative.low


def shown_verified(actor: Actor, plank: str = "rnd") -> tuple[int, int]:
    """What the barrel's table says of a plank: verified, of how many answered."""
    view, register = find_barrel(actor), load_register(data_file("planks.yaml"))
    assert view is not None
    row = next(
        each for each in barrel_page(view, firm="", register=register).rows if each.plank.code == plank
    )
    return row.verified, row.state.answered


def make_file(actor: Actor, name: str = "报价.pdf") -> UUID:
    with acting(org=actor.org, person=actor.person_id):
        return StoredFile.objects.create(
            org_id=actor.org, name=name, media_type="application/pdf", size=1200, sha256="0" * 64
        ).id


def inspector(world: World) -> Actor:
    return join(make_person("钱核验"), world.operator, Role.INSPECTOR)


def agree(world: World) -> None:
    """春晖 lets the operator attest its assessments."""
    give_grant(
        world.lin,
        to=Grantee(world.operator.id),
        purpose=Purpose.ATTESTATION,
        fields=[Field.ASSESSMENT, Field.DOCUMENTS],
    )


def test_a_checked_paper_verifies_an_answer_and_a_changed_answer_loses_it(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)
    assert verified(world.lin, assessment) == 0
    attach_evidence(world.lin, assessment_id=assessment, leaf="rnd.a", file_id=make_file(world.lin))
    assert verified(world.lin, assessment) == 0  # handed in; nobody has looked
    assert shown_verified(world.lin) == (0, 1)
    assert access_assessment(world.lin, assessment_id=assessment).answers["rnd.a"].waits
    agree(world)
    qian = inspector(world)
    assert [card.id for card in list_to_attest(qian)] == [assessment]
    attest_answer(qian, assessment_id=assessment, leaf="rnd.a", grade=Grade.DOCUMENT)
    assert list_to_attest(qian) == []
    assert shown_verified(world.lin) == (1, 1)
    assert verified(world.lin, assessment) == 50
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)  # the same answer keeps it
    assert verified(world.lin, assessment) == 50
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=3)
    assert verified(world.lin, assessment) == 0
    state = access_assessment(world.lin, assessment_id=assessment).answers["rnd.a"]
    assert [paper.name for paper in state.evidence] == ["报价.pdf"]
    assert [card.id for card in list_to_attest(qian)] == [assessment]  # the paper waits again
    with acting(org=world.chunhui.id):
        assert Attestation.objects.get().lost_at is not None


def test_papers_follow_an_answer_and_belong_to_the_firm(world: World) -> None:
    assessment = start_assessment(world.lin)
    with pytest.raises(NotYetAnswered):
        attach_evidence(world.lin, assessment_id=assessment, leaf="rnd.a", file_id=make_file(world.lin))
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)
    with pytest.raises(EvidenceFileNotFound):
        attach_evidence(world.lin, assessment_id=assessment, leaf="rnd.a", file_id=make_file(world.wu))


def test_an_inspector_attests_what_the_firm_lets_her_see_also_after_it_is_finished(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"rnd.a": 4, "rnd.b": 1})
    attach_evidence(world.lin, assessment_id=assessment, leaf="rnd.b", file_id=make_file(world.lin))
    finish_assessment(world.lin, assessment_id=assessment)
    qian = inspector(world)
    with pytest.raises(AssessmentNotFound):
        attest_answer(qian, assessment_id=assessment, leaf="rnd.a")
    assert list_to_attest(qian) == []
    agree(world)
    assert [card.id for card in list_to_attest(qian)] == [assessment]
    papers = (
        access_assessment(qian, assessment_id=assessment, right="assessment.attest").answers["rnd.b"].evidence
    )
    assert [paper.name for paper in papers] == ["报价.pdf"]
    attest_answer(qian, assessment_id=assessment, leaf="rnd.a", note="看过实验室")
    assert verified(world.lin, assessment) == 50
    attest_answer(qian, assessment_id=assessment, leaf="rnd.b", grade=Grade.DOCUMENT)
    assert verified(world.lin, assessment) == 100
    state = access_assessment(world.lin, assessment_id=assessment).answers["rnd.a"]
    assert (state.grade, state.attestations[0].by_org) == (Grade.INSPECTOR, world.operator.name)


def test_nobody_attests_herself_or_in_the_platforms_name(world: World) -> None:
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)
    agree(world)
    with pytest.raises(RightMissing):
        attest_answer(world.lin, assessment_id=assessment, leaf="rnd.a")
    with pytest.raises(NoPaper):
        attest_answer(inspector(world), assessment_id=assessment, leaf="rnd.a", grade=Grade.DOCUMENT)
    with pytest.raises(GradeUnknown):
        attest_answer(inspector(world), assessment_id=assessment, leaf="rnd.a", grade=Grade.SELF)
    with pytest.raises(PlatformOnly):
        attest_answer(inspector(world), assessment_id=assessment, leaf="rnd.a", grade=Grade.PLATFORM)
    own = Actor(world.lin.person_id, world.chunhui.id, frozenset({"assessment.attest"}))
    with pytest.raises(OwnAttestation):
        attest_answer(own, assessment_id=assessment, leaf="rnd.a")
    with pytest.raises(NotYetAnswered):
        attest_answer(inspector_again(world), assessment_id=assessment, leaf="rnd.b")


def inspector_again(world: World) -> Actor:
    return join(make_person("孙核验"), world.operator, Role.INSPECTOR)


def test_the_steward_assesses_an_unclaimed_firm_until_it_is_claimed(world: World) -> None:
    steward = world.gao_for(world.qinghe)
    assessment = start_assessment(steward)
    save_answer(steward, assessment_id=assessment, leaf="rnd.a", value=4)
    assert access_assessment(steward, assessment_id=assessment).values == {"rnd.a": 4}
    with pytest.raises(AssessmentNotFound):
        access_assessment(world.lin, assessment_id=assessment)
