"""The grants that reach an actor's organisation, for rooms above to join."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet

from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.types import Actor


class Live(Func):
    """True while the grant holds: the statement's time, so that a long reading notices a withdrawal."""

    function = "grant_is_live"
    output_field = BooleanField()


def live_grants(actor: Actor, *, purpose: Purpose, field: Field) -> QuerySet[Any]:
    """Grants of ``field`` for ``purpose`` that reach the actor's organisation now, its own left out.

    The policy shows a grant to who gave it and to whom it reaches.
    """
    found = Grant.objects.filter(purpose=purpose, fields__contains=[field]).exclude(org_id=actor.org)
    return found.filter(Live("during", "withdrawn_at"))


def is_shown(firm: UUID, field: Field) -> bool:
    """Whether the organisation that acts may see ``field`` of ``firm`` now, in the reading that is under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sees_firm(%s, %s)", [firm, field])
        row = cursor.fetchone()
    return bool(row and row[0])
