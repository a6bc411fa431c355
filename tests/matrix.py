"""Who may knock at an address, and things of both sides for them to ask for: the rows of the authorisation matrix."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Membership, Person
from staveworks.foundation.parties.queries import AgentFound, actor_for
from staveworks.foundation.parties.rights import MANDATED, RIGHTS, STEWARDED, roles_for
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.issue_token import issue_token
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.rosters.duplicates import list_pairs
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from tests.addresses import EVERYBODYS, LEAF, PNG, Things
from tests.world import Firm, join, make_firm, make_operator, make_person, make_unclaimed

ROWS = (
    "企业名称,电话\n{0}越风纺织有限公司,0575-85551234\n{0}越风纺织厂,0575-85551299\n"
    "{0}海潮印染有限公司,0574-87771234\n{0}海潮印染厂,0574-87771299\n"
)
HANDED = frozenset({"barrel.read", "assessment.read", "assessment.answer"})
"""What the narrow mandate hands over."""


@dataclass(frozen=True)
class Caller:
    """Somebody who knocks: as whom, with which rights by the table, whose things are hers."""

    name: str
    actor: Actor | None
    rights: frozenset[str]
    things: Things = field(default_factory=dict)
    others: Things = field(default_factory=dict)

    @property
    def client(self) -> Client:
        """A browser of hers, signed in, acting for her organisation. A fresh one each time: one address signs out."""
        client = Client(raise_request_exception=False)
        if self.session_key:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session_key
        return client

    @cached_property
    def session_key(self) -> str:
        """Of the session in which she has signed in, once."""
        if self.actor is None:
            return ""
        client, person = Client(), Person.objects.get(id=self.actor.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        if self.actor.org_id:
            session["organisation"] = str(self.actor.org_id)
            session["via"] = str(self.actor.via_org_id) if self.actor.via_org_id else None
        session.save()
        return str(session.session_key)


def by_table(role: Role, kind: Kind) -> frozenset[str]:
    """Straight from the table, not by the code under test."""
    return frozenset(code for code, right in RIGHTS.items() if role in right.roles and kind in right.kinds)


CALLERS = {
    "operator": [f"operator's {role}" for role in roles_for([Kind.PLATFORM])],
    "firm": [f"firm's {role}" for role in roles_for([Kind.ENTERPRISE])],
    "outside": ["anonymous", "nobody's", "mandated", "narrowly mandated", "steward"],
}


class Town:
    """Two firms, two operators, an unclaimed firm of each, and everybody who may knock."""

    def __init__(self) -> None:
        self.count = 0
        operator = make_operator()
        city = make_firm("柯桥服务公司", Kind.CITY)  # a second operator, whose things the first must not see
        firm, other = make_firm("春晖织造"), make_firm("远达印染")
        unclaimed, others_unclaimed = (
            make_unclaimed("清河喷织厂", operator),
            make_unclaimed("云溪绣品厂", city),
        )
        self.operator, self.firm, self.unclaimed = operator, firm, unclaimed
        self.head = join(self.person(), operator, Role.OWNER)
        city_head = join(self.person(), city, Role.OWNER)
        self.owner = join(self.person(), firm, Role.OWNER)
        other_owner = join(self.person(), other, Role.OWNER)
        self.ours = self.firm_things(self.owner)
        self.theirs = self.firm_things(other_owner)
        operators = self.operator_things(self.head, unclaimed, "甲")
        citys = self.operator_things(city_head, others_unclaimed, "乙")
        steward = join(self.person(), operator, Role.STEWARD)
        assert steward.person_id
        self.steward = actor_for(steward.person_id, unclaimed.id, via_org_id=operator.id)
        self.stewarded = self.barrel_things(self.steward) | {"organisation": str(unclaimed.id)}
        # Everybody's table of things has an entry for every parameter: what a side hasn't got itself is the other side's.
        self.operators = EVERYBODYS | self.ours | self.stewarded | operators
        self.citys = EVERYBODYS | self.theirs | citys
        self.ours = EVERYBODYS | operators | self.ours
        self.theirs = EVERYBODYS | citys | self.theirs

    def person(self) -> Any:
        self.count += 1
        return make_person(f"某人{self.count}", phone=f"+86138{self.count:08d}")

    def caller(self, name: str) -> Caller:
        if name == "anonymous":
            return Caller(name, None, frozenset(), self.ours, self.theirs)
        if name == "nobody's":
            return Caller(name, Actor(self.person().id, None), frozenset(), self.ours, self.theirs)
        if name == "steward":
            return Caller(name, self.steward, STEWARDED, self.ours | self.stewarded, self.theirs)
        if name.endswith("mandated"):
            rights = HANDED if name.startswith("narrowly") else MANDATED
            return Caller(name, self.mandated(rights), rights, self.ours, self.theirs)
        side, _, role = name.partition("'s ")
        if side == "operator":
            actor = join(self.person(), self.operator, Role(role))
            return Caller(name, actor, by_table(Role(role), Kind.PLATFORM), self.operators, self.citys)
        actor = join(self.person(), self.firm, Role(role))
        return Caller(name, actor, by_table(Role(role), Kind.ENTERPRISE), self.ours, self.theirs)

    def mandated(self, rights: frozenset[str]) -> Actor:
        agent = self.person()
        give_mandate(
            self.owner,
            agent=AgentFound(agent.name, person_id=agent.id),
            rights=rights,
            until=timezone.localdate() + timedelta(days=9),
        )
        return actor_for(agent.id, self.firm.id)

    def firm_things(self, owner: Actor) -> Things:
        """Things of a firm: its barrel's, and what every organisation has."""
        accept_agreement(owner, shows=[])
        return self.common_things(owner) | self.barrel_things(owner)

    def barrel_things(self, actor: Actor) -> Things:
        finished = start_assessment(actor)
        save_answer(actor, assessment_id=finished, leaf=LEAF, value=2)
        finish_assessment(actor, assessment_id=finished)
        assessment = start_assessment(actor)
        stored = store_file(actor, name="scan.png", content=PNG)
        attach_evidence(actor, assessment_id=assessment, leaf=LEAF, file_id=stored.id)
        return {
            "assessment": str(assessment),
            "finished assessment": str(finished),
            "file": str(stored.id),
            "evidence": str(stored.id),
            "leaf": LEAF,
        }

    def common_things(self, owner: Actor) -> Things:
        member = join(self.person(), Firm(owner.org, ""), Role.VIEWER)
        with acting(org=owner.org):
            membership = Membership.objects.get(org_id=owner.org, person_id=member.person_id).id
        contact = Contact("email", f"new{self.count}@example.cn")
        agent = self.person()
        mandate = give_mandate(
            owner,
            agent=AgentFound(agent.name, person_id=agent.id),
            rights=["organisation.read"],
            until=timezone.localdate() + timedelta(days=9),
        )
        token = issue_token(owner, name="x", scopes=["organisation.read"])
        return {
            "member": str(membership),
            "invitation": str(invite_person(owner, role=Role.VIEWER, contact=contact).id),
            "token": str(token.id),
            "mandate": str(mandate),
            "organisation": str(owner.org),
        }

    def operator_things(self, head: Actor, unclaimed: Firm, mark: str) -> Things:
        """Things of an operator: a list that was imported with pairs to decide, one that waits, claims."""
        roster = self.import_list(head, mark)
        waiting, running = self.upload(head, mark + "二"), self.upload(head, mark + "三")
        start_import(head, roster=running)
        pairs = list_pairs(head)
        decision = decide_duplicate(head, pair=pairs[0].id, verdict="apart")
        claimant = Actor(self.person().id, None)
        licence = store_file(head, name="licence.png", content=PNG).id
        claim = start_claim(claimant, org_id=unclaimed.id, method="licence", licence_id=licence)
        letter = start_claim(Actor(self.person().id, None), org_id=unclaimed.id, method="letter")
        return self.common_things(head) | {
            "roster": str(roster),
            "waiting roster": str(waiting),
            "running roster": str(running),
            "duplicate": str(pairs[1].id),
            "decision": str(decision.id),
            "claim": str(claim.id),
            "letter claim": str(letter.id),
            "firm": str(unclaimed.id),
            "file": str(licence),
        }

    def upload(self, head: Actor, mark: str) -> UUID:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{mark}.csv"
            path.write_text(ROWS.format(mark), encoding="utf-8")
            return upload_roster(head, path=path, name=path.name).id

    def import_list(self, head: Actor, mark: str) -> UUID:
        roster = self.upload(head, mark)
        start_import(head, roster=roster)
        run_import(head, subject=roster)
        return roster
