"""Answers kept for repeated requests, emptied when their time is over (cross role). The key stays: nothing is done twice."""

from datetime import datetime

from staveworks.foundation.eventlog.models import IdempotencyKey


def forget_answers(*, before: datetime, limit: int) -> int:
    """At most ``limit`` answers; how many were emptied."""
    keys = IdempotencyKey.objects.using("cross")
    old = keys.filter(at__lt=before).exclude(answer={}).order_by("at").values_list("pk", flat=True)[:limit]
    count = 0
    for org_id, endpoint, key in list(old):
        count += keys.filter(org_id=org_id, endpoint=endpoint, key=key).update(answer={})
    return count
