"""Named firms and people for tests. Everything is made by plain rows, so that a test's subject isn't its own set-up.

>>> world = make_world()            # needs the fixture `db` or `committed`
>>> world.gao                       # Actor: owner of the platform operator
>>> world.chunhui.id, world.lin     # a claimed firm, and its owner as Actor
>>> world.qinghe                    # an imported firm that nobody has claimed; `world.gao_for(world.qinghe)` stewards it
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Membership, Organisation, Person, Profile
from staveworks.foundation.parties.naming import sort_key
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.found_operator import found_operator
from staveworks.foundation.rules.models import Version
from staveworks.kit.ids import new_id

PASSWORD = "eight-oak-staves"
CHUNHUI_USCC = "91330621MA2BX3K478"
QINGHE_USCC = "91320509MA1XQ7T33C"
NOBODY: Mapping[Person, Role] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation of a test."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class World:
    """One operator, two claimed firms and one that nobody has claimed."""

    operator: Firm
    gao: Actor
    """高明远, owner of the operator."""
    shen: Actor
    """沈一鸣, viewer at the operator."""
    chunhui: Firm
    lin: Actor
    """林春晖, owner of 春晖织造."""
    zhou: Actor
    """周倩, clerk of 春晖织造."""
    yuanda: Firm
    wu: Actor
    """吴远达, owner of 远达印染: the other firm, whose rows nobody at 春晖织造 may see."""
    qinghe: Firm

    def gao_for(self, firm: Firm) -> Actor:
        """高明远 acting for ``firm`` as its steward."""
        assert self.gao.person_id
        return actor_for(self.gao.person_id, firm.id, via_org_id=self.operator.id)


def make_world() -> World:
    """In few statements: most tests begin with it."""
    gao, shen, lin, zhou, wu = people = [
        _person("高明远", phone="+8613805750001"),
        _person("沈一鸣", phone="+8613805750002"),
        _person("林春晖", phone="+8613805750003", email="lin@chunhui.example"),
        _person("周倩", phone="+8613805750004"),
        _person("吴远达", phone="+8613805750005"),
    ]
    operator = make_operator()
    Person.objects.bulk_create(people)
    with acting(org=operator.id):
        _add_members(operator, {gao: Role.OWNER, shen: Role.VIEWER})
        qinghe = make_unclaimed("清河喷织厂", operator, uscc=QINGHE_USCC, phones=["+8613805759999"])
    chunhui = make_firm("春晖织造", uscc=CHUNHUI_USCC, members={lin: Role.OWNER, zhou: Role.CLERK})
    yuanda = make_firm("远达印染", members={wu: Role.OWNER})
    return World(
        operator=operator,
        gao=actor_for(gao.id, operator.id),
        shen=actor_for(shen.id, operator.id),
        chunhui=chunhui,
        lin=actor_for(lin.id, chunhui.id),
        zhou=actor_for(zhou.id, chunhui.id),
        yuanda=yuanda,
        wu=actor_for(wu.id, yuanda.id),
        qinghe=qinghe,
    )


def make_operator() -> Firm:
    """The platform operator with its service account."""
    org_id = found_operator(name="集群服务公司")
    no_quiet_hours()
    return Firm(org_id, "集群服务公司")


def no_quiet_hours() -> None:
    """By the rule, from now on: what a test sees must not hang on the time of day at which it runs."""
    version = Version(
        id=new_id(),
        code="notices.quiet",
        text_zh="没有免打扰时段",
        text_en="No quiet hours",
        value={"quiet_from": "00:00", "quiet_to": "00:00", "digest_at": "08:30"},
        during=TimestamptzRange(None, None),
    )
    Version.objects.bulk_create([version])


def make_person(
    name: str, *, phone: str | None = None, email: str | None = None, password: str = PASSWORD
) -> Person:
    """Somebody who can sign in."""
    person = _person(name, phone=phone, email=email, password=password)
    person.save(force_insert=True)
    return person


def _person(
    name: str, *, phone: str | None = None, email: str | None = None, password: str = PASSWORD
) -> Person:
    verified = phone is not None
    return Person(name=name, phone=phone, email=email, phone_verified=verified, password=_hashed(password))


@cache
def _hashed(password: str) -> str:
    """Once in a process: where a test has the product's own settings, a hash takes half a second."""
    return make_password(password)


def make_firm(
    name: str,
    *kinds: Kind,
    uscc: str | None = None,
    city: str | None = None,
    members: Mapping[Person, Role] = NOBODY,
) -> Firm:
    """An organisation that registered itself (by default a small firm)."""
    firm = Firm(new_id(), name)
    with acting(org=firm.id):
        Organisation.objects.create(
            id=firm.id,
            name=name,
            sort_key=sort_key(name),
            kinds=list(kinds or [Kind.ENTERPRISE]),
            uscc=uscc,
            city_id=city,
            claimed_at=timezone.now(),
        )
        Profile.objects.create(org_id=firm.id)
        _add_members(firm, members)
    return firm


def _add_members(firm: Firm, members: Mapping[Person, Role]) -> None:
    Membership.objects.bulk_create(
        Membership(org_id=firm.id, person=person, role=role) for person, role in members.items()
    )


def make_known(name: str, *, city: str | None = None) -> Firm:
    """A firm that came by a roster and was claimed: it may stand behind published figures."""
    firm = make_firm(name, city=city)
    operator = Organisation.objects.filter(kinds__contains=[Kind.PLATFORM]).earliest("created_at")
    with acting(org=firm.id):
        Organisation.objects.filter(id=firm.id).update(steward_id=operator.id)
    return firm


def make_unclaimed(
    name: str,
    operator: Firm,
    *,
    uscc: str | None = None,
    city: str | None = None,
    phones: list[str] | None = None,
) -> Firm:
    """A firm as a roster brings it: held by the operator until somebody claims it."""
    firm = Firm(new_id(), name)
    with acting(org=operator.id):
        Organisation.objects.create(
            id=firm.id,
            name=name,
            sort_key=sort_key(name),
            kinds=[Kind.ENTERPRISE],
            uscc=uscc,
            city_id=city,
            steward_id=operator.id,
        )
        Profile.objects.create(org_id=firm.id, steward_id=operator.id, phones=phones or [])
    return firm


def join(person: Person, firm: Firm, role: Role) -> Actor:
    """``person`` gets ``role`` in ``firm``; she as the actor."""
    with acting(org=firm.id, person=person.id):
        Membership.objects.create(org_id=firm.id, person=person, role=role)
    return actor_for(person.id, firm.id)


def worker_lives(seconds_ago: int = 0) -> None:
    """The only worker gave its last sign of life ``seconds_ago``."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )
