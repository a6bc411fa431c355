"""A world with something in every list, so that no operation meets only empty tables."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher
from staveworks.foundation.notices.todo_queries import list_todos
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.queries import AgentFound, operator_service_for
from staveworks.foundation.parties.types import Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.jobs.todos.settling import settle
from tests.world import CHUNHUI_USCC, World, make_world

LIST = """\
企业名称,城市,电话,人数
绍兴越风纺织有限公司,绍兴市,0575-85551234,120
越风纺织有限公司,绍兴,85551234,约120
宁波海潮印染厂,宁波市,0574-87771234,60
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """The world, and the ids of things in it. What is 春晖织造's, 远达印染 may not see, and the other way round."""

    world: World
    assessment: UUID
    other_assessment: UUID
    mandate: UUID
    invitation: UUID
    claim: UUID
    roster: UUID
    todo: UUID
    prescription: UUID
    voucher: UUID


def make_seeded() -> Seeded:
    world = make_world()
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"产品设计": 2})
    accept_agreement(world.lin, shows=["barrel", "profile"])
    mandate = give_mandate(
        world.lin,
        agent=AgentFound("沈一鸣", person_id=world.shen.person_id),
        rights=["organisation.read", "barrel.read", "assessment.read"],
        until=timezone.localdate() + timedelta(days=30),
    )
    invitation = invite_person(world.lin, role=Role.CLERK, contact=Contact("email", "new@chunhui.example"))
    settle(operator_service_for(world.chunhui.id), "assessment.finish", assessment)
    prescription = make_prescription(world.lin, budget_fen=100)
    until = timezone.localdate() + timedelta(days=30)
    voucher = grant_voucher(
        world.gao, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=None, until=until
    ).id
    claim = start_claim(world.zhou, org_id=world.qinghe.id, method="letter")
    return Seeded(
        world=world,
        assessment=assessment,
        other_assessment=start_assessment(world.wu),
        mandate=mandate,
        invitation=invitation.id,
        claim=claim.id,
        roster=_import_list(world),
        todo=list_todos(world.lin)[0].id,
        prescription=prescription,
        voucher=voucher,
    )


def _import_list(world: World) -> UUID:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_text(LIST, encoding="utf-8")
        roster = upload_roster(world.gao, path=path, name="list.csv").id
    start_import(world.gao, roster=roster)
    run_import(world.gao, subject=roster)
    return roster
