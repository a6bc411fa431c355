"""Remove the demo: all rows that hang on a demo organisation, person or list, whichever room they lie in, and their files.

Only the owner of the tables can do it, since some are append-only. The event log stays whole: its events name ids, not people.
"""

from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import models

from staveworks.db.transaction import acting
from staveworks.demo.tracing import parents_first, table, trace
from staveworks.demo.unguarded import unguarded
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.usecases.forget_files import forget_bytes
from staveworks.foundation.ledger.rebalancing import rebalance
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.usecases.found_operator import DEFAULT_NAME
from staveworks.foundation.personal.outside import OUTSIDE
from staveworks.foundation.rosters.storage import forget_list

HANGING = (
    ("socialaccount_socialtoken", "account_id", "socialaccount_socialaccount"),
    ("account_emailconfirmation", "email_address_id", "account_emailaddress"),
)
"""Tables of allauth whose rows hang on a row that hangs on a person: table, column, to which."""
SIGNED_IN_AS = "_auth_user_id"


def remove() -> int:
    """Delete the demo and give the operator its plain name back; the number of rows deleted."""
    tables = list(parents_first())
    with unguarded(tables) as cursor:
        trace(cursor, tables)
        digests, lists = _bytes(cursor)
        deleted = _delete_outside(cursor) + sum(_delete(cursor, model) for model in reversed(tables))
        rebalance(cursor)
    for sha256 in digests:
        forget_bytes(sha256)
    for org_id, digest in lists:
        forget_list(org_id, digest)
    _close()
    return deleted


def _bytes(cursor: Any) -> tuple[list[str], list[tuple[UUID, str]]]:
    """Digests of the demo's files, and (organisation, digest) of its lists."""
    cursor.execute(
        "SELECT DISTINCT sha256 FROM files_stored_file WHERE id IN (SELECT id FROM going_files_stored_file)"
    )
    digests = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        "SELECT DISTINCT org_id, digest FROM rosters_roster WHERE id IN (SELECT id FROM going_rosters_roster)"
    )
    return digests, list(cursor.fetchall())


def _delete(cursor: Any, model: type[models.Model]) -> int:
    name = table(model)
    cursor.execute(f"DELETE FROM {name} WHERE ctid IN (SELECT place FROM going_{name})")
    return int(cursor.rowcount)


def _delete_outside(cursor: Any) -> int:
    """Sign-ins, second factors, sessions and jobs of the demo's people and organisations."""
    count, people = 0, "SELECT id FROM going_parties_person"
    for name, column, parent in HANGING:
        cursor.execute(
            f"DELETE FROM {name} WHERE {column} IN (SELECT id FROM {parent} WHERE user_id IN ({people}))"
        )
        count += cursor.rowcount
    for model in OUTSIDE:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE user_id IN ({people})")
        count += cursor.rowcount
    cursor.execute(
        "DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND (args ->> 'org_id' IN (SELECT id::text FROM going)"
        " OR args ->> 'subject_id' IN (SELECT id::text FROM going))"
    )
    count += cursor.rowcount
    cursor.execute(people)
    theirs = {str(row[0]) for row in cursor.fetchall()}
    keys = [
        session.session_key
        for session in Session.objects.using("owner").iterator()
        if session.get_decoded().get(SIGNED_IN_AS) in theirs
    ]
    cursor.execute("DELETE FROM django_session WHERE session_key = ANY (%s)", [keys])
    return int(count + cursor.rowcount)


def _close() -> None:
    service = operator_service()
    with acting(org=service.org_id, person=service.person_id):
        Organisation.objects.filter(id=service.org, name_en="Three-City Textiles").update(
            name=DEFAULT_NAME, name_en="", city=None
        )
        append_event(service, "demo.removed", subject=service.org)
