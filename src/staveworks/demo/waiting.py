"""What waits in the demo when one first looks: claims by letter, papers to attest, an invitation, questions, calls."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import xlsxwriter
from django.utils import timezone

from staveworks.cluster.barrel.models import Answer
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.db.transaction import acting
from staveworks.demo.firms import DemoFirm
from staveworks.demo.people import add_person
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.outreach.types import CallOutcome
from staveworks.foundation.outreach.usecases.note_call import note_call
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Membership, Organisation, Person
from staveworks.foundation.parties.queries import actor_for, operator_service, operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.support.usecases.open_ticket import open_ticket
from staveworks.foundation.support.usecases.write_entry import write_entry

LETTERS, PAPERS = 2, 2
CALLS = [
    (CallOutcome.NO_ANSWER, "响了没人接，下午再打"),
    (CallOutcome.WILL_CLAIM, "老板答应认领，要等会计回来"),
    (CallOutcome.REACHED, "想先看看别家的木桶"),
]
"""To call again today, tomorrow, the day after."""


def leave_waiting(members: dict[UUID, DemoFirm], organisations: list[UUID]) -> None:
    """Something on everybody's first page; ``organisations`` are the named ones, a firm first."""
    held = Organisation.objects.filter(id__in=members, claimed_at=None, merged_into=None).order_by("id")
    unclaimed = list(held.values_list("id", flat=True))
    for firm_id in unclaimed[:LETTERS]:
        _claim_by_letter(firm_id, members[firm_id])
    attached = 0
    for firm_id in unclaimed[LETTERS:]:
        if attached == PAPERS:
            break
        attached += _attach_paper(firm_id)
    if len(organisations) > 1:
        _invite_owner(organisations[0], of=organisations[1])
        _ask(organisations[0], "我们外发染色，“生产”这块板的目标能调低吗？", page="/barrel/")
        answered = _ask(organisations[1], "同事离职了，怎么把他移出单位？", page="/members/")
        service = operator_service()
        write_entry(
            service,
            ticket_id=answered,
            text="在“成员”里点他的名字，再点“移除成员”。他当天就不能再登录本单位。",
        )
    for days, firm_id in enumerate(unclaimed[LETTERS : LETTERS + len(CALLS)]):
        _call(firm_id, *CALLS[days], days=days)


def _ask(firm: UUID, text: str, *, page: str) -> UUID:
    """A question of the firm's owner."""
    with acting(org=firm):
        owner = Membership.objects.filter(org_id=firm, role=Role.OWNER).order_by("since", "id")[0]
    return open_ticket(actor_for(owner.person_id, firm), text=text, page=page)


def _call(firm: UUID, outcome: CallOutcome, note: str, *, days: int) -> None:
    next_date = timezone.localdate() + timedelta(days=days)
    note_call(operator_service(), firm=firm, outcome=outcome, note=note, next_date=next_date)


def _claim_by_letter(firm_id: UUID, firm: DemoFirm) -> None:
    login = f"letter{firm.uscc[-5:].lower()}@demo.example"
    claimant = Actor(add_person({"name": firm.contact, "login": login}), None)
    start_claim(claimant, org_id=firm_id, method="letter")


def _attach_paper(firm_id: UUID) -> bool:
    """A list of machines behind the firm's first answer; whether it has one."""
    actor = operator_service_for(firm_id)
    with acting(org=firm_id):
        answer = Answer.objects.filter(org_id=firm_id, value__isnull=False).order_by("leaf").first()
    if answer is None:
        return False
    stored = store_file(actor, name="设备清单.xlsx", content=_machines())
    attach_evidence(actor, assessment_id=answer.assessment_id, leaf=answer.leaf, file_id=stored.id)
    return True


def _machines() -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("设备")
    sheet.write_row(0, 0, ["设备", "台数", "购入年份"])
    sheet.write_row(1, 0, ["喷气织机", 24, 2021])
    book.close()
    return file.getvalue()


def _invite_owner(firm: UUID, *, of: UUID) -> None:
    """The owner of another organisation is asked to read along."""
    with acting(org=of):
        owners = Membership.objects.filter(org_id=of, role=Role.OWNER, person__service=False)
        person: Person = owners.select_related("person").order_by("since", "id")[0].person
    contact = Contact("phone", person.phone) if person.phone else Contact("email", person.email or "")
    invite_person(operator_service_for(firm), role=Role.VIEWER, contact=contact)
