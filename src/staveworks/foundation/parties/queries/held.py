"""The roles that a person holds, as each request asks for them.

Written out in SQL: to put these questions together anew took longer than to answer them.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection

from staveworks.foundation.parties.rights import rights_of
from staveworks.foundation.parties.types import Actor, Kind, OrganisationCard, Role
from staveworks.kit.text import Text

HELD = """
    SELECT membership.role, org.id, org.name, org.kinds, org.city_id, city.name_zh, city.name_en, org.uscc, org.steward_id,
        org.claimed_at, org.demo, org.name_en
    FROM parties_membership membership
    JOIN parties_organisation org ON org.id = membership.org_id
    LEFT JOIN parties_city city ON city.code = org.city_id
    WHERE membership.person_id = %s AND org.merged_into_id IS NULL
    ORDER BY org.sort_key, org.id
"""
HELD_THERE = """
    SELECT org.kinds, membership.role
    FROM parties_membership membership
    JOIN parties_organisation org ON org.id = membership.org_id
    WHERE membership.person_id = %s AND membership.org_id = %s AND org.merged_into_id IS NULL
"""
MANDATED_BY = """
    SELECT org_id, agent_org_id FROM parties_mandate
    WHERE (agent_person_id = %s OR agent_org_id = ANY(%s)) AND withdrawn_at IS NULL AND until >= %s
    ORDER BY agent_org_id
"""


def held_by(person_id: UUID) -> tuple[dict[UUID, OrganisationCard], dict[UUID, set[Role]]]:
    """The organisations in which she has roles, by name, and the roles."""
    own: dict[UUID, OrganisationCard] = {}
    held: dict[UUID, set[Role]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HELD, [person_id])
        for role, org_id, name, kinds, city, city_zh, city_en, *rest in cursor.fetchall():
            city_name = Text(zh=city_zh, en=city_en) if city else None
            own[org_id] = OrganisationCard(org_id, name, tuple(map(Kind, kinds)), city, city_name, *rest)
            held.setdefault(org_id, set()).add(Role(role))
    return own, held


def mandated_by(person_id: UUID, agents: Iterable[UUID], until: date) -> dict[UUID, UUID | None]:
    """The firms that mandated her, or one of the ``agents`` for which she may act: the firm, and which of them."""
    with connection.cursor() as cursor:
        cursor.execute(MANDATED_BY, [person_id, list(agents), until])
        return dict(cursor.fetchall())


def held_there(person_id: UUID, org_id: UUID) -> tuple[frozenset[Kind], frozenset[Role]] | None:
    """The kinds of the organisation and her roles in it, if she has any."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_THERE, [person_id, org_id])
        found = cursor.fetchall()
    return (frozenset(map(Kind, found[0][0])), frozenset(Role(role) for _, role in found)) if found else None


def by_roles(person_id: UUID, org_id: UUID, kinds: Iterable[str], roles: Iterable[Role]) -> Actor:
    of_kinds, held = frozenset(map(Kind, kinds)), frozenset(roles)
    return Actor(person_id, org_id, rights_of(held, of_kinds), of_kinds, held)
