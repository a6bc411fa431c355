"""A person's address in the rows of loaded lists, taken out: the row keeps its place and its firm."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from staveworks.db.transaction import acting
from staveworks.foundation.parties.erasing import Gone
from staveworks.foundation.rosters.models import MatchKey, Roster, RosterRow
from staveworks.foundation.rosters.usecases.forget_files import forget_files_of

type Hers = Callable[[str], bool]


def erase_in_rosters(gone: Gone) -> int:
    """How many rows were changed. The files of these lists go once the transaction has ended; one that is yet to be imported, or
    that a crash left there, by the rule of retention.
    """
    hers = _recognising(gone)
    count = 0
    for org_id, ids in sorted(_rows_naming(gone).items()):
        with acting(org=org_id):
            for digest in sorted(set(Roster.objects.filter(rows__in=ids).values_list("digest", flat=True))):
                transaction.on_commit(partial(forget_files_of, org_id, digest))
            for row in RosterRow.objects.filter(id__in=ids).order_by("id"):
                row.cells, row.entry = _without(row.cells, hers), _without(row.entry, hers)
                row.save(update_fields=["cells", "entry"])
                count += 1
            for address in gone.addresses:
                digits = address.lstrip("+")
                MatchKey.objects.filter(row_id__in=ids, key__contains=digits).delete()
    return count


def _rows_naming(gone: Gone) -> dict[UUID, list[UUID]]:
    """Whose rows say her phone or her e-mail (cross role)."""
    which = Q(pk__in=[])
    for address in gone.addresses:
        which |= Q(entry__phones__contains=[address]) | Q(entry__email=address)
    found: dict[UUID, list[UUID]] = {}
    for org_id, id_ in RosterRow.objects.using("cross").filter(which).values_list("org_id", "id"):
        found.setdefault(org_id, []).append(id_)
    return found


def _recognising(gone: Gone) -> Hers:
    """Her name, or an address of hers however a list writes it."""
    phones = [re.sub(r"\D", "", each)[-11:] for each in gone.addresses if "@" not in each]
    emails = [each for each in gone.addresses if "@" in each]

    def hers(text: str) -> bool:
        digits = re.sub(r"\D", "", text)
        return (
            text.strip() == gone.name
            or any(phone in digits for phone in phones)
            or any(email in text.lower() for email in emails)
        )

    return hers


def _without(value: Any, hers: Hers) -> Any:
    if isinstance(value, dict):
        kept = {key: _without(each, hers) for key, each in value.items()}
        return kept | ({"phones": [each for each in kept["phones"] if each]} if kept.get("phones") else {})
    if isinstance(value, list):
        return [_without(each, hers) for each in value]
    return "" if isinstance(value, str) and hers(value) else value
