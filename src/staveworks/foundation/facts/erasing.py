"""Statements about a firm that are a person's own name or address: the value is erased, that something was stated stays."""

from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.transaction import acting
from staveworks.foundation.facts.models import Fact
from staveworks.foundation.parties.erasing import Gone


def erase_in_facts(gone: Gone) -> int:
    """How many values were erased."""
    by_org: dict[UUID, list[UUID]] = {}
    for org_id, id_ in _naming(gone):
        by_org.setdefault(org_id, []).append(id_)
    count = 0
    for org_id, ids in sorted(by_org.items()):
        with acting(org=org_id):
            count += Fact.objects.filter(id__in=ids).update(value=None, erased_at=Now())
    return count


def _naming(gone: Gone) -> list[tuple[UUID, UUID]]:
    """(firm, statement) of what says her address, and, of firms of which that is so, her name (cross role)."""
    which = Q(pk__in=[])
    for address in gone.addresses:
        which |= Q(value=address) | Q(value__contains=[address])
    rows = Fact.objects.using("cross").filter(erased_at=None)
    found = list(rows.filter(which).values_list("org_id", "id"))
    firms = {org_id for org_id, _ in found}
    named = rows.filter(org_id__in=firms, field="contact", value=gone.name)
    return list({*found, *named.values_list("org_id", "id")})
