"""The grants that reach an actor's organisation, for rooms above to join."""

from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Func

from staveworks.foundation.facts.types import Field

SHOWN_TO = """
SELECT org_id FROM facts_grant WHERE purpose = %(purpose)s AND fields @> ARRAY[%(field)s]::varchar[]
AND org_id <> %(org)s AND grant_is_live(during, withdrawn_at)
"""
"""Firms that grant ``field`` for ``purpose`` to the organisation ``org`` that acts, now, itself left out. The policy shows a grant to
who gave it and to whom it reaches."""


class Live(Func):
    """True while the grant holds: the statement's time, so that a long reading notices a withdrawal."""

    function = "grant_is_live"
    output_field = BooleanField()


def is_shown(firm: UUID, field: Field) -> bool:
    """Whether the organisation that acts may see ``field`` of ``firm`` now, in the reading that is under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sees_firm(%s, %s)", [firm, field])
        row = cursor.fetchone()
    return bool(row and row[0])
