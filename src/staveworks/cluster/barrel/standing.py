"""Which firm an entry's assessments count for, and one turn at a time for whoever changes what is current."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from staveworks.cluster.barrel.models import Assessment, Diagnosis
from staveworks.cluster.barrel.types import State
from staveworks.foundation.parties.models import Organisation

TURN = 0x6261726C  # an arbitrary class of advisory locks


def in_turn(firm: UUID) -> None:
    """Until the transaction ends nobody else changes which of the firm's diagnoses is current."""
    number = int.from_bytes(firm.bytes[-4:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURN, number])


def choose_current(firm: UUID) -> None:
    """The firm's newest assessment with a barrel is its current one, set aside ones apart (inside ``acting`` for the firm).

    A firm with people of its own keeps its own barrel: what an operator answered for an entry is current only where the firm
    has none. The caller has the turn. Follows from what is there: it may run any number of times.
    """
    barrels = Diagnosis.objects.filter(org_id=firm, water_low__isnull=False)
    barrels = barrels.exclude(assessment__state=State.SET_ASIDE).order_by("-assessment__started_at")
    own = barrels.filter(assessment__org_id=firm).first() if _has_people(firm) else None
    newest = own or barrels.first()
    current = Diagnosis.objects.filter(org_id=firm, current=True)
    if newest is None:
        current.update(current=False)
        return
    current.exclude(assessment_id=newest.assessment_id).update(current=False)
    Diagnosis.objects.filter(assessment_id=newest.assessment_id, current=False).update(current=True)


def newer_than(assessment: Assessment) -> QuerySet[Diagnosis]:
    """The current diagnosis that the firm's own ``assessment`` doesn't displace, if there is one; by the same rule."""
    firm = assessment.org_id
    current = Diagnosis.objects.filter(org_id=firm, current=True).exclude(assessment=assessment)
    if _has_people(firm):
        current = current.filter(assessment__org_id=firm)
    return current.filter(assessment__started_at__gt=assessment.started_at)


def _has_people(firm: UUID) -> bool:
    held = Organisation.objects.filter(id=firm, steward__isnull=False, claimed_at=None)
    return not held.exists()
