"""Uploads that nothing refers to: which tables refer to files is known up here, above all rooms."""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from staveworks.cluster.barrel.models import Evidence
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.usecases.forget_files import forget_files
from staveworks.foundation.parties.models import Claim
from staveworks.mechanisms.dispatch.models import CentreCertificate


def forget_uploads(*, before: datetime, limit: int) -> int:
    """At most ``limit`` files older than that, evidence of nothing, of no work centre, licence of no claim; how many went (cross role)."""
    found = (
        StoredFile.objects.using("cross")
        .filter(uploaded_at__lt=before)
        .exclude(id__in=Evidence.objects.using("cross").values("file_id"))
        .exclude(id__in=CentreCertificate.objects.using("cross").filter(file__isnull=False).values("file_id"))
        .exclude(id__in=Claim.objects.using("cross").filter(licence_id__isnull=False).values("licence_id"))
    )
    rows: list[tuple[UUID, UUID]] = list(found.order_by("org_id", "id").values_list("org_id", "id")[:limit])
    by_org = groupby(rows, key=lambda row: row[0])
    return sum(forget_files(org_id, ids=[id_ for _, id_ in some]) for org_id, some in by_org)
