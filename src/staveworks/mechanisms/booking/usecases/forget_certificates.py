"""Names and contacts in training certificates, emptied when their time is over; that somebody was trained, and until when, stays."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import acting
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.mechanisms.booking.models import TrainingCertificate as Row


def forget_certificates(*, before: datetime, limit: int) -> int:
    """At most ``limit`` that ended before that day; how many were emptied. Found under the cross role, each emptied as its provider."""
    ended = Q(valid_until__lt=before.date()) | Q(ended_on__lt=before.date())
    named = Row.objects.using("cross").filter(ended).exclude(name="", contact="")
    due: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for provider, certificate in named.order_by("valid_until").values_list("provider_org_id", "id")[:limit]:
        due[provider].append(certificate)
    gone = 0
    for provider, certificates in due.items():
        actor = operator_service_for(provider)
        with acting(org=actor.org, person=actor.person_id):
            gone += Row.objects.filter(id__in=certificates).update(name="", contact="")
    return gone
