"""Reads of firms in bulk, for the rooms that complete and merge them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from staveworks.db.transaction import query
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.models import City, Organisation, Profile
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text


@query
def load_stewarded(actor: Actor, /, *, ids: Iterable[UUID], lock: bool = False) -> dict[UUID, FirmRecord]:
    """Those of ``ids`` that the actor's organisation holds: unclaimed, not merged away. ``lock`` until the transaction ends."""
    rows = Organisation.objects.filter(
        id__in=list(ids), steward_id=actor.org, claimed_at=None, merged_into=None
    )
    organisations = {row.id: row for row in (rows.select_for_update().order_by("id") if lock else rows)}
    profiles = {row.org_id: row for row in Profile.objects.filter(org_id__in=organisations)}
    return {id: record_of(row, profiles.get(id)) for id, row in organisations.items()}


@query
def load_firms(actor: Actor, /, *, ids: Iterable[UUID]) -> dict[UUID, FirmRecord]:
    """Any firms by id, also merged ones, with as much of their profiles as the policies show."""
    organisations = {row.id: row for row in Organisation.objects.filter(id__in=list(ids))}
    profiles = {row.org_id: row for row in Profile.objects.filter(org_id__in=organisations)}
    return {id: record_of(row, profiles.get(id)) for id, row in organisations.items()}


def record_of(organisation: Organisation, profile: Profile | None) -> FirmRecord:
    p = profile or Profile()
    return FirmRecord(
        id=organisation.id,
        name=organisation.name,
        former_names=tuple(organisation.former_names),
        uscc=organisation.uscc,
        country=organisation.country,
        city=organisation.city_id,
        contact=p.contact,
        phones=tuple(p.phones),
        email=p.email,
        address=p.address,
        website=p.website,
        products=p.products,
        staff=p.staff,
        staff_approximate=p.staff_approximate,
        note=p.note,
    )


def standing_as(firm: UUID) -> RawSQL:
    """``firm`` and the entries that were merged into it, as a subquery: ``org_id__in=standing_as(firm)`` asks once.

    An array first, so that the rows are looked for by index however many entries there are in all.
    """
    return RawSQL(
        "SELECT unnest(%s::uuid || ARRAY(SELECT entry FROM firm_entries WHERE firm = %s))", [firm, firm]
    )


def merged_entries(firm: UUID) -> list[UUID]:
    """The entries that were merged into ``firm``, also by way of others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry FROM firm_entries WHERE firm = %s ORDER BY entry", [firm])
        return [row[0] for row in cursor.fetchall()]


def stands_as(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each of ``ids`` → the firm as which it stands: itself, unless it was merged."""
    wanted = list(ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry, firm FROM firm_entries WHERE entry = ANY (%s)", [wanted])
        return {each: each for each in wanted} | dict(cursor.fetchall())


def stands(firm: UUID) -> bool:
    """Whether ``firm`` hasn't been merged into another."""
    return Organisation.objects.filter(id=firm, merged_into=None).exists()


def holders_of(usccs: Iterable[str]) -> dict[str, FirmRecord]:
    """Code → the firm that has it, whoever's steward it is: the register is common. Names, codes and places only."""
    found = Organisation.objects.filter(uscc__in=list(usccs), merged_into=None)
    return {row.uscc: record_of(row, None) for row in found if row.uscc}


def city_names(codes: Iterable[str | None]) -> dict[str, Text]:
    """Code → name of those places that the table of cities has."""
    found = City.objects.filter(code__in={code for code in codes if code})
    return {city.code: Text(zh=city.name_zh, en=city.name_en) for city in found}


def known_cities(codes: Iterable[str]) -> set[str]:
    """Those of ``codes`` that the table of cities has."""
    return set(City.objects.filter(code__in=list(codes)).values_list("code", flat=True))


def firms_known_by(codes: Iterable[str]) -> dict[str, UUID]:
    """Code → the firm it names: its id, its USCC, or its whole name where exactly one has it. Codes that name none are left out.

    A firm that was merged is found as the one that it became.
    """
    wanted = {code: code.strip() for code in codes}
    ids = [each for each in map(_uuid, wanted.values()) if each]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id::text, coalesce(o.uscc, ''), o.name, coalesce(e.firm, o.id) FROM parties_organisation o"
            " LEFT JOIN firm_entries e ON e.entry = o.id"
            " WHERE o.id = ANY (%s) OR o.uscc = ANY (%s) OR o.name = ANY (%s)",
            [ids, list(wanted.values()), list(wanted.values())],
        )
        rows = cursor.fetchall()
    found: dict[str, set[UUID]] = {}
    for id_, uscc, name, firm in rows:
        for key in {id_, uscc, name} - {""}:
            found.setdefault(key, set()).add(firm)
    return {code: next(iter(found[key])) for code, key in wanted.items() if len(found.get(key, ())) == 1}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
