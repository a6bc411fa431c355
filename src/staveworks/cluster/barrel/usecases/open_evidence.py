"""Open a paper behind an answer."""

from uuid import UUID

from staveworks.cluster.barrel.models import Assessment, Evidence
from staveworks.cluster.barrel.types import AssessmentNotFound, EvidenceFileNotFound
from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.files.queries import open_file
from staveworks.foundation.files.types import OpenedFile
from staveworks.foundation.parties.firm_queries import stands_as
from staveworks.foundation.parties.types import Actor


@use_case
def open_evidence(
    actor: Actor, *, assessment_id: UUID, file_id: UUID, right: str = "assessment.read"
) -> OpenedFile:
    """The file with its bytes. A reader of another organisation leaves a line in the firm's log.

    Raises ``RightMissing``, ``AssessmentNotFound``, ``EvidenceFileNotFound``.
    """
    actor.require(right)
    with reading(actor, purpose=Purpose.ATTESTATION, fields=[Field.ASSESSMENT, Field.DOCUMENTS]) as log:
        firm = Assessment.objects.filter(id=assessment_id).values_list("org_id", flat=True).first()
        standing = stands_as([firm])[firm] if firm else None
        log.of([standing] if standing else [])
        if firm is None or standing is None:
            raise AssessmentNotFound
        if not Evidence.objects.filter(answer__assessment_id=assessment_id, file_id=file_id).exists():
            raise EvidenceFileNotFound
    if standing != actor.org_id or actor.via_org_id:
        append_event(actor, "evidence.read", subject=assessment_id, org=standing, file=file_id)
    # The policies have shown the paper; the bytes are read as the firm's.
    with acting(org=firm, person=actor.person_id):
        reader = Actor(actor.person_id, firm, frozenset({right}))
        return open_file(reader, file_id=file_id, right=right)
