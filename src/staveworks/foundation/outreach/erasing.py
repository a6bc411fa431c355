"""What was noted of calls with a person: a note that names her or her address is emptied; that there was a call stays."""

from uuid import UUID

from django.db.models import Q, QuerySet

from staveworks.db.transaction import acting
from staveworks.foundation.outreach.models import Call
from staveworks.foundation.parties.erasing import Gone

SHORTEST_NAME = 2
"""A name of one character stands in too many other words."""


def erase_in_outreach(gone: Gone) -> int:
    """How many notes were emptied."""
    count = 0
    for org_id in sorted(set(_naming(gone).values_list("org_id", flat=True))):
        ids: list[UUID] = list(_naming(gone).filter(org_id=org_id).values_list("id", flat=True))
        with acting(org=org_id):
            count += Call.objects.filter(id__in=ids).update(note="")
    return count


def _naming(gone: Gone) -> QuerySet[Call]:
    """Calls whose note names her (cross role)."""
    words = [*gone.addresses, *([gone.name] if len(gone.name) >= SHORTEST_NAME else [])]
    which = Q(pk__in=[])
    for word in words:
        which |= Q(note__contains=word) | Q(note__contains=word.removeprefix("+86"))
    return Call.objects.using("cross").filter(which)
