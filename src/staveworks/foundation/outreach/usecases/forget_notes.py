"""Notes of calls, emptied when their time is over (cross role). That there was a call, and how it went, stays."""

from datetime import datetime

from staveworks.foundation.outreach.models import Call


def forget_notes(*, before: datetime, limit: int) -> int:
    """At most ``limit`` notes; how many were emptied."""
    calls = Call.objects.using("cross")
    old = list(
        calls.filter(at__lt=before).exclude(note="").order_by("at").values_list("id", flat=True)[:limit]
    )
    return calls.filter(id__in=old).update(note="")
