"""Who may knock at an address, and things of both sides for them to ask for: the rows of the authorisation matrix."""

import time
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
from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher
from staveworks.db.transaction import acting
from staveworks.foundation.facts.models import Fact
from staveworks.foundation.facts.types import Field, Grantee, Purpose, Source, Stated
from staveworks.foundation.facts.usecases.ask_correction import ask_correction
from staveworks.foundation.facts.usecases.confirm_kind import confirm_kind
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.facts.usecases.state_facts import state_facts
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.ledger.types import AccountKind
from staveworks.foundation.notices.connecting import Settings
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.notices.models import Delivery, Message, Suppression
from staveworks.foundation.notices.sealing import address_digest
from staveworks.foundation.notices.todo_queries import list_todos
from staveworks.foundation.notices.usecases.connect_channel import connect_robot
from staveworks.foundation.notices.usecases.send_due import send_due
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.outreach.types import Segment
from staveworks.foundation.outreach.usecases.start_campaign import start_campaign, stop_campaign
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Membership, Organisation, Person
from staveworks.foundation.parties.queries import AgentFound, actor_for, operator_service_for
from staveworks.foundation.parties.rights import MANDATED, RIGHTS, STEWARDED, roles_for
from staveworks.foundation.parties.types import OPERATOR_KINDS, Actor, Kind, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.issue_token import issue_token
from staveworks.foundation.parties.usecases.onboard_owner import Terms, start_onboarding
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.rosters.duplicates import list_pairs
from staveworks.foundation.rosters.queries import list_rows
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.foundation.support.models import Ticket
from staveworks.foundation.support.usecases.open_ticket import open_ticket
from staveworks.jobs.todos.settling import settle
from staveworks.kit.ids import new_id
from staveworks.web.sessions import SEEN, SINCE
from tests.addresses import EVERYBODYS, LEAF, PNG, Things
from tests.bidding import contract_things
from tests.books import account
from tests.capacity import capacity_things
from tests.ordering import disputed, trade_things
from tests.seasons import share_of, studio_things
from tests.stocking import stock_things
from tests.subscribing import subscribed_things
from tests.testing import testing_things
from tests.world import (
    CHUNHUI_USCC,
    Firm,
    join,
    make_firm,
    make_operator,
    make_person,
    make_unclaimed,
    worker_lives,
)

ROWS = (
    "企业名称,电话\n{0}越风纺织有限公司,0575-85551234\n{0}越风纺织厂,0575-85551299\n"
    "{0}海潮印染有限公司,0574-87771234\n{0}海潮印染厂,0574-87771299\n{0}海潮印染有限公司,0574-87771234\n"
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
        session[SINCE] = session[SEEN] = time.time()  # else each cell, taken back, would note the device anew
        if self.actor.org_id:
            session["organisation"] = str(self.actor.org_id)
            session["via"] = str(self.actor.via_org_id) if self.actor.via_org_id else None
        session.save()
        return str(session.session_key)


def by_table(role: Role, kind: Kind) -> frozenset[str]:
    """Straight from the table, not by the code under test."""
    return frozenset(code for code, right in RIGHTS.items() if role in right.roles and kind in right.kinds)


CALLERS = {
    "operator": [[f"operator's {role}" for role in roles_for([Kind.PLATFORM])]],
    "firm": [[f"firm's {role}" for role in roles_for([Kind.ENTERPRISE])]],
    "outside": [["anonymous"], ["nobody's"], ["mandated", "narrowly mandated"], ["steward"]],
}
"""By side; together are those who ask for the same things and differ in their rights alone."""


def rights_of(name: str) -> frozenset[str]:
    """What the table gives to a caller."""
    side, _, role = name.partition("'s ")
    kinds = {"operator": Kind.PLATFORM, "firm": Kind.ENTERPRISE}
    special = {"steward": STEWARDED, "mandated": MANDATED, "narrowly mandated": HANDED}
    return by_table(Role(role), kinds[side]) if role else special.get(name, frozenset())


def stated(by: Actor, about: UUID) -> UUID:
    """A statement of an operator about a firm, or about itself."""
    row = new_id()
    said = Stated(about, "staff", 40, Source.ROSTER, row, timezone.now(), stated_by=by.org)
    state_facts(by, stated=[said])
    with acting(org=by.org):
        return Fact.objects.get(source_id=row).id


class Town:
    """Two firms, two operators, an unclaimed firm of each, and everybody who may knock."""

    def __init__(self) -> None:
        self.count = 0
        worker_lives()
        operator = make_operator()
        city = make_firm("柯桥服务公司", Kind.CITY)  # a second operator, whose things the first must not see
        firm, other = make_firm("春晖织造"), make_firm("远达印染")
        unclaimed, others_unclaimed = (
            make_unclaimed("清河喷织厂", operator),
            make_unclaimed("云溪绣品厂", city),
        )
        self.operator, self.firm, self.unclaimed = operator, firm, unclaimed
        self.head = join(self.person(), operator, Role.OWNER)
        city_head = self.city_head = join(self.person(), city, Role.OWNER)
        self.owner = join(self.person(), firm, Role.OWNER)
        other_owner = self.other_owner = join(self.person(), other, Role.OWNER)
        self.ours = self.firm_things(self.owner)
        self.theirs = self.firm_things(other_owner)
        operators = self.operator_things(self.head, unclaimed, "甲")
        citys = self.operator_things(city_head, others_unclaimed, "乙")
        steward = join(self.person(), operator, Role.STEWARD)
        assert steward.person_id
        self.steward = actor_for(steward.person_id, unclaimed.id, via_org_id=operator.id)
        self.stewarded = self.barrel_things(self.steward) | {"organisation": str(unclaimed.id)}
        # Everybody's table of things has an entry for every parameter: what a side hasn't got itself is the other side's.
        self.state_something(operators, citys)
        institutions = self.institutions()
        operators |= institutions | self.showing("远山织造", operator, firm)
        citys |= institutions | self.showing("近水织造", city, other)
        self.trade(operators, citys)
        self.operators = EVERYBODYS | self.ours | self.stewarded | operators
        self.citys = EVERYBODYS | self.theirs | citys
        self.ours = EVERYBODYS | operators | self.ours
        self.theirs = EVERYBODYS | citys | self.theirs

    def person(self) -> Any:
        self.count += 1
        return make_person(f"某人{self.count}", phone=f"+86138{self.count:08d}")

    def caller(self, name: str) -> Caller:
        rights = rights_of(name)
        if name == "anonymous":
            return Caller(name, None, rights, self.ours, self.theirs)
        if name == "nobody's":
            return Caller(name, Actor(self.person().id, None), rights, self.ours, self.theirs)
        if name == "steward":
            return Caller(name, self.steward, rights, self.ours | self.stewarded, self.theirs)
        if name.endswith("mandated"):
            return Caller(name, self.mandated(rights), rights, self.ours, self.theirs)
        side, _, role = name.partition("'s ")
        if side == "operator":
            actor = join(self.person(), self.operator, Role(role))
            return Caller(name, actor, rights, self.operators, self.citys)
        actor = join(self.person(), self.firm, Role(role))
        return Caller(name, actor, rights, self.ours, self.theirs)

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
        ticket = open_ticket(owner, text="怎么改目标？", page="/barrel/")
        grant = give_grant(owner, to=Grantee(kind=Kind.CITY), purpose=Purpose.OPERATION, fields=[Field.LEVEL])
        rest = {"ticket": str(ticket), "grant": str(grant)}
        things = self.common_things(owner) | self.barrel_things(owner) | rest
        return things | {"todo": todo_about(owner, "assessment.finish", things["assessment"])}

    def state_something(self, operators: Things, citys: Things) -> None:
        """Each operator says something of its firms, and each firm asks for a correction of another thing."""
        for side, owner, things, head in (
            (self.ours, self.owner, operators, self.head),
            (self.theirs, self.other_owner, citys, self.city_head),
        ):
            side["fact"] = str(stated(head, owner.org))
            wrong = stated(head, owner.org)
            things["correction"] = str(ask_correction(owner, fact_id=wrong, asked="41", reason="错了"))
            things["fact"] = str(stated(head, head.org))
        self.stewarded["fact"] = str(stated(self.head, self.unclaimed.id))

    def trade(self, operators: Things, citys: Things) -> None:
        """Each side orders of a mill and delivers to it; each operator has a dispute to decide."""
        mill = join(self.person(), make_firm("盛泽纱厂"), Role.OWNER)
        far = join(self.person(), make_firm("远桥织造"), Role.OWNER)
        with acting(org=far.org):
            Organisation.objects.filter(id=far.org).update(steward_id=self.city_head.org)
        sides = (
            (self.ours, self.owner),
            (self.theirs, self.other_owner),
            (operators, self.head),
            (citys, self.city_head),
        )
        for things, owner in sides:
            things |= testing_things(owner, mill) | trade_things(owner, mill) | stock_things(owner)
            things |= subscribed_things(owner, mill) | capacity_things(owner)
        owners = [owner for _, owner in sides]
        for (things, _), more in zip(sides, contract_things(owners, mill), strict=True):
            things |= more
        operators |= studio_things(self.head)
        citys |= studio_things(self.city_head)
        told = UUID(studio_things(self.head)["run"])
        for owner, *sides in ((self.owner, self.ours, operators), (self.other_owner, self.theirs, citys)):
            share = str(share_of(self.head, told, owner.org))
            for things in sides:
                things["share"] = share
        operators |= disputed(mill, self.owner)
        citys |= disputed(far, self.other_owner)

    def showing(self, name: str, *to: Firm) -> Things:
        """A firm that shows its papers to these organisations."""
        firm = make_firm(name)
        owner = join(self.person(), firm, Role.OWNER)
        for one in to:
            give_grant(
                owner, to=Grantee(one.id), purpose=Purpose.SUPPLY, fields=[Field.DOCUMENTS, Field.LEVEL]
            )
        return {"showing firm": str(firm.id), "showing file": self.barrel_things(owner)["file"]}

    def institutions(self) -> Things:
        """A bank that waits to be confirmed, and one that is."""
        waiting, confirmed = make_firm("湖畔银行", Kind.BANK), make_firm("山间银行", Kind.BANK)
        confirm_kind(self.head, org_id=confirmed.id, kind=Kind.BANK)
        return {"institution": str(waiting.id), "confirmed institution": str(confirmed.id)}

    def barrel_things(self, actor: Actor) -> Things:
        finished = start_assessment(actor)
        save_answer(actor, assessment_id=finished, leaf=LEAF, value=2)
        finish_assessment(actor, assessment_id=finished)
        assessment = start_assessment(actor)
        stored = store_file(actor, name="scan.png", content=PNG)
        attach_evidence(actor, assessment_id=assessment, leaf=LEAF, file_id=stored.id)
        prescription = make_prescription(actor, budget_fen=0)
        return {
            "prescription": str(prescription),
            "assessment": str(assessment),
            "finished assessment": str(finished),
            "file": str(stored.id),
            "evidence": str(stored.id),
            "leaf": LEAF,
        }

    def message_things(self, owner: Actor) -> Things:
        """Something that was said to the owner and sent, and a robot of hers."""
        send_message(
            owner,
            template="account.test",
            to=owner.person,
            key="m",
            params={"channel": Channel.EMAIL.text},
        )
        operator = owner.org if owner.kinds & OPERATOR_KINDS else self.operator.id
        send_due(owner, operator=operator, channel=Channel.SMS)
        robot = connect_robot(
            owner,
            channel=Channel.WECOM,
            name="群",
            asked=Settings({}, {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}),
            topics=["todo"],
        )
        with acting(org=owner.org):
            message = Message.objects.get(org_id=owner.org, key="m").id
            delivery = Delivery.objects.exclude(channel="app").get(message_id=message)
            Delivery.objects.filter(id=delivery.id).update(state="failed")
        digest = address_digest(f"{owner.org}@bounced.example")
        Suppression.objects.create(
            address_digest=digest,
            topic="",
            channel="email",
            masked="x",
            reason="bounced",
            operator_id=operator,
        )
        return {
            "suppression": digest,
            "message": str(message),
            "delivery": str(delivery.id),
            "entry": str(delivery.id),
            "robot": str(robot),
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
            "book": str(account(owner, AccountKind.BANK)),
            "mandate": str(mandate),
            "organisation": str(owner.org),
        } | self.message_things(owner)

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
            "row": str(next(row.id for row in list_rows(head, roster=roster) if row.automatic)),
            "claim": str(claim.id),
            "letter claim": str(letter.id),
            "firm": str(unclaimed.id),
            "voucher": str(self.voucher_of(head)),
            "file": str(licence),
            "ticket": str(self.ticket_to(head)),
            "counter claim": str(self.at_the_counter(head, unclaimed)),
            "campaign": str(start_campaign(head, name=mark, segment=Segment())),
            "stopped campaign": str(self.stopped_campaign(head, mark)),
            "todo": todo_about(head, "duplicate.decide", str(roster)),
        }

    def voucher_of(self, head: Actor) -> UUID:
        """Granted to a firm that neither side is."""
        if not Organisation.objects.filter(uscc=CHUNHUI_USCC).exists():
            make_firm("持券织造", uscc=CHUNHUI_USCC)
        until = timezone.localdate() + timedelta(days=9)
        return grant_voucher(head, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=None, until=until).id

    def at_the_counter(self, head: Actor, unclaimed: Firm) -> UUID:
        until = timezone.localdate() + timedelta(days=9)
        terms = Terms(("barrel.read",), until, (), "2026")
        contact = Contact("phone", f"+86139{self.count:08d}")
        return start_onboarding(head, firm=unclaimed.id, name="某人", contact=contact, terms=terms).claim_id

    def stopped_campaign(self, head: Actor, mark: str) -> UUID:
        campaign = start_campaign(head, name=mark, segment=Segment())
        stop_campaign(head, campaign_id=campaign)
        return campaign

    def ticket_to(self, head: Actor) -> UUID:
        """Somebody who belongs to nothing asks this operator."""
        with acting(org=head.org):
            ticket = Ticket.objects.create(
                operator_id=head.org, person_id=self.person().id, first="怎么认领？"
            )
        return ticket.id

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


def todo_about(owner: Actor, kind: str, subject: str) -> str:
    """What the job makes after the event: the to-do about a thing of the owner's organisation."""
    settle(operator_service_for(owner.org), kind, UUID(subject))
    return next(str(card.id) for card in list_todos(owner) if card.kind == kind)
