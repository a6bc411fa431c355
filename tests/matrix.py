"""What the authorisation matrix is made of: every address with its door, every kind of caller, and things of both sides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from staveworks.api.v1 import api
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.doors import Door, door_of
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
from tests.world import Firm, join, make_firm, make_operator, make_person, make_unclaimed

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ROWS = (
    "企业名称,电话\n{0}越风纺织有限公司,0575-85551234\n{0}越风纺织厂,0575-85551299\n"
    "{0}海潮印染有限公司,0574-87771234\n{0}海潮印染厂,0574-87771299\n"
)
LEAF = "产品设计"
API = "api/v1/"
HANDED = frozenset({"barrel.read", "assessment.read", "assessment.answer"})
"""What the narrow mandate hands over."""

Things = dict[str, str]
EVERYBODYS = {
    "leaf": LEAF,
    "rubric": "staveworks-planks-2026",
    "city": "330600",
    "code": "rnd",
    "step": "1",
    "view": str(UUID(int=1)),
    "link": "no-such-link",
    "rest": "nothing",
}
ALIASES = {
    "org_id": "firm",
    "pair": "duplicate",
    "token_id": "token",
    "membership_id": "member",
    "invitation_id": "invitation",
    "mandate_id": "mandate",
    "claim_id": "claim",
    "file_id": "file",
}
SPECIAL = {
    ("join/operator/<str:token>/", "token"): "link",
    ("join/invitation/<str:token>/", "token"): "link",
    ("join/link/<str:token>/", "token"): "link",
    ("claims/<uuid:claim_id>/letter/", "claim_id"): "letter claim",
    ("api/v1/rosters/<uuid:roster>", "roster"): "waiting roster",
    **{
        (f"{before}<uuid:roster>/{verb}", "roster"): "waiting roster"
        for before in ("rosters/", "api/v1/rosters/")
        for verb in ("columns/", "preview/", "discard/", "start/", "columns", "start")
    },
    ("diagnose/<uuid:assessment>/rescore/", "assessment"): "finished assessment",
    ("api/v1/assessments/<uuid:assessment>/rescore", "assessment"): "finished assessment",
    **{
        (f"{before}<uuid:roster>/{verb}", "roster"): "running roster"
        for before in ("rosters/", "api/v1/rosters/")
        for verb in ("stop/", "stop")
    },
}


@dataclass(frozen=True)
class Address:
    """One address with what it asks; ``methods`` is empty for pages, which are tried with GET and POST."""

    route: str
    door: Door | None
    params: tuple[str, ...]
    methods: tuple[str, ...] = ()

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    def path(self, things: Things) -> str:
        """The address of ``things``. A parameter without a thing is a ``KeyError``: give it one in ``Town``."""

        def thing(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            return things[SPECIAL.get((self.route, name)) or ALIASES.get(name) or name]

        return "/" + re.sub("<([^>]+)>", thing, self.route)


def addresses() -> Iterator[Address]:
    """Every address of the resolver; an operation of the API for each of its methods."""
    operations = {
        f"api/v1/{bound.prefix.strip('/')}{path}": view
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
    }
    named = {_plain(path): view for path, view in operations.items()}
    for route, pattern in _walk(get_resolver()):
        params = tuple(pattern.pattern.converters)
        view = named.get(_plain(route))
        if view is None:
            yield Address(route, door_of(pattern.callback), params)
            continue
        for operation in view.operations:
            yield Address(
                route.replace("uuidstr:", "uuid:"),
                door_of(operation.view_func),
                params,
                tuple(operation.methods),
            )


def _plain(route: str) -> str:
    return (
        route.replace("<", "{")
        .replace(">", "}")
        .replace("{str:", "{")
        .replace("uuidstr:", "uuid:")
        .strip("/")
    )


def _walk(resolver: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from _walk(found, before + str(found.pattern))
        else:
            yield before + str(found.pattern), found


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


BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "diagnose/compare/"): {"earlier": "finished assessment", "later": "assessment"},
    ("POST", "diagnose/<uuid:assessment>/answer/"): {"leaf": "leaf", "value": "1"},
    ("POST", "diagnose/<uuid:assessment>/evidence/"): {"leaf": "leaf"},
    ("POST", "barrel/answer/"): {"leaf": "leaf", "value": "1"},
    ("PUT", API + "assessments/<uuid:assessment>/answers/<leaf>"): {"value": 1},
    ("PATCH", API + "assessments/<uuid:assessment>/answers"): {"answers": {LEAF: 1}},
    ("PUT", API + "assessments/<uuid:assessment>/profile"): {"profile": "even"},
    ("POST", API + "assessments/<uuid:assessment>/answers/<leaf>/evidence"): {"file": PNG},
    ("PATCH", API + "people/<uuid:member>"): {"role": "viewer"},
    ("POST", "members/<uuid:membership_id>/"): {"role": "viewer"},
    ("PUT", API + "rosters/<uuid:roster>/columns"): {"sheets": {"0": {"name": 0}}},
    ("POST", API + "rosters"): {"file": "企业名称\n新风纺织厂\n".encode()},
    ("POST", API + "duplicates/<uuid:duplicate>/decision"): {"verdict": "apart"},
    ("POST", API + "firms/<uuid:firm>/invitation"): {"contact": "owner@example.cn"},
    ("POST", API + "claims/<uuid:claim>/decision"): {"grant": True},
}
"""What is sent so that the answer is about the thing and not about an empty form; a value may name a thing."""


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
