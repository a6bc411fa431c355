"""Her name and address in tables of rooms above that declare where they stand (``addressed``), emptied: the row stays."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from staveworks.db.personal import Addressed
from staveworks.db.transaction import acting
from staveworks.foundation.parties.erasing import Gone


def erase_addressed(gone: Gone) -> int:
    """How many rows were emptied."""
    models = sorted(
        (each for each in apps.get_models() if hasattr(each, "addressed")),
        key=lambda each: each._meta.db_table,
    )
    return sum(_empty(model, model.addressed, gone) for model in models)


def _empty(model: Any, said: Addressed, gone: Gone) -> int:
    which = Q(pk__in=[])
    for column in said.columns:
        which |= Q(**{f"{column}__in": gone.addresses})
    found: dict[UUID, list[UUID]] = {}
    for org_id, id_ in model.objects.using("cross").filter(which).values_list(said.writer, "pk"):
        found.setdefault(org_id, []).append(id_)
    count = 0
    for org_id, ids in sorted(found.items()):
        with acting(org=org_id):
            count += model.objects.filter(pk__in=ids).update(**dict.fromkeys(said.emptied, ""))
    return count
