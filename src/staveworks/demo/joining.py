"""Some firms have been invited, and some of these have been claimed by their owners."""

import random
from uuid import UUID

from staveworks.demo.firms import DemoFirm
from staveworks.demo.people import add_person
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link

INVITED, CLAIMED, SILENT = 96, 34, 3
"""Of all firms; of the invited; and of the claimed those that don't show the operator their barrel."""


def invite_firms(service: Actor, members: dict[UUID, DemoFirm], chance: random.Random) -> list[UUID]:
    """Claim links for a part of the firms, used by the owners of some: those firms."""
    invited = chance.sample(sorted(members, key=str), min(INVITED, len(members)))
    for number, firm_id in enumerate(invited):
        issued = issue_claim_link(service, org_id=firm_id, contact=members[firm_id].phone)
        if number < CLAIMED:
            _claim(firm_id, members[firm_id], issued.token, shows=number >= SILENT)
    return invited[:CLAIMED]


def _claim(firm_id: UUID, firm: DemoFirm, token: str, *, shows: bool) -> None:
    login = f"{firm.name_en.split()[0].lower()}{firm.uscc[-5:].lower()}@demo.example"
    owner = add_person({"name": firm.contact, "login": login})
    claim_by_link(Actor(owner, None), token=token)
    accept_agreement(operator_service_for(firm_id), shows=["barrel", "profile"] if shows else [])
