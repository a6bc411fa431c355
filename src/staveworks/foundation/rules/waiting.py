"""What waits for somebody in this room, for to-dos to be made of it."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.foundation.rules.models import Version
from staveworks.kit.waiting import Waiting

LEAD = timedelta(days=14)
"""How long before it takes effect a rule is spoken of."""


def rules_about_to_hold(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Versions that take effect soon: they wait for the operator that adopted them, whose members have to know."""
    coming = Version.objects.filter(during__isempty=False, adopted_by_org__isnull=False)
    coming = coming.filter(during__startswith__gt=Now(), during__startswith__lte=Now() + LEAD)
    coming = coming.filter(adopted_by_org_id=org) if org else coming
    coming = coming.filter(id=subject) if subject else coming
    kinds = rule_kinds()
    return [
        Waiting(
            each.adopted_by_org_id,
            each.id,
            each.adopted_at,
            due_at=each.begins,
            params={
                "code": each.code,
                "rule_zh": kinds[each.code].title.zh,
                "rule_en": kinds[each.code].title.en,
            },
        )
        for each in coming.annotate(begins=F("during__startswith"))
        if each.adopted_by_org_id and each.code in kinds
    ]
