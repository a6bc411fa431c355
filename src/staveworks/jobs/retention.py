"""What is due by the rule of retention goes: one table from the rule's entries to the room that forgets them."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.eventlog.usecases.forget_answers import forget_answers
from staveworks.foundation.facts.usecases.forget_readings import forget_readings
from staveworks.foundation.notices.due import list_old
from staveworks.foundation.notices.usecases.forget_messages import forget_old_messages
from staveworks.foundation.outreach.usecases.forget_notes import forget_notes
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import NoOrganisation
from staveworks.foundation.parties.usecases.forget_ended import (
    forget_claims,
    forget_contacts,
    forget_invitations,
)
from staveworks.foundation.rosters.usecases.forget_files import forget_files
from staveworks.foundation.rules.queries import entry_in_force, rule_in_force
from staveworks.jobs.uploads import forget_uploads
from staveworks.jobs.work import actor_of_job, cross_job
from staveworks.mechanisms.booking.usecases.forget_certificates import forget_certificates
from staveworks.mechanisms.dispatch.usecases.forget_looks import forget_looks

log = logging.getLogger("staveworks.jobs")
RULE = "retention"
BATCH = 1000
BATCHES = 50
"""Batches of one kind in one run; what is left waits for the next."""


def _messages(before: datetime, limit: int) -> int:
    return sum(forget_old_messages(actor_of_job(org_id), before=before) for org_id in list_old(before))


def _sessions(before: datetime, limit: int) -> int:
    """The note of a device goes; the sign-in itself ended at its time (``housekeeping.forget_sessions``)."""
    old = UserSession.objects.filter(last_seen_at__lt=before).values_list("id", flat=True)[:limit]
    return int(UserSession.objects.filter(id__in=list(old)).delete()[0])


FORGET: Mapping[str, Callable[[datetime, int], int]] = {
    "messages": _messages,
    "uploads": lambda before, limit: forget_uploads(before=before, limit=limit),
    "readings": lambda before, limit: (
        forget_readings(before=before, limit=limit) + forget_looks(before=before, limit=limit)
    ),
    "invitations": lambda before, limit: forget_invitations(before=before, limit=limit),
    "claims": lambda before, limit: forget_claims(before=before, limit=limit),
    "sessions": _sessions,
    "answers": lambda before, limit: forget_answers(before=before, limit=limit),
    "calls": lambda before, limit: forget_notes(before=before, limit=limit),
    "lists": lambda before, limit: forget_files(before=before, limit=limit),
    "certificates": lambda before, limit: forget_certificates(before=before, limit=limit),
    "contacts": lambda before, limit: forget_contacts(operator_service(), before=before, limit=limit),
}
"""Entry of the rule → what forgets at most so many of what is older than a moment, and says how many it was."""


@cross_job("removes what is older than the rule of retention allows, of every organisation")
def apply_retention() -> dict[str, int]:
    """How many of each kind went. Again, nothing more goes; killed in between, the rest goes next time."""
    try:
        service = operator_service()
    except NoOrganisation:
        return {}
    now, rule = timezone.now(), rule_in_force(RULE)
    gone = {entry: _all_of(entry, now) for entry in FORGET}
    counts = {entry: count for entry, count in gone.items() if count}
    if counts:
        total = sum(counts.values())
        with acting(org=service.org_id, person=service.person_id):
            append_event(
                service, "retention.applied", subject=service.org, total=total, rule=rule.label, kinds=counts
            )
        log.info("retention: %s rows whose time was over went (%s)", total, rule.label)
    return counts


def _all_of(entry: str, now: datetime) -> int:
    before = now - timedelta(days=entry_in_force(RULE, entry, now))
    total = 0
    for _ in range(BATCHES):
        count = FORGET[entry](before, BATCH)
        total += count
        if not count:
            break
    return total
