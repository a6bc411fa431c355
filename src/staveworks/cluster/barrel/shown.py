"""One firm as it shows itself to another organisation, for one purpose: exactly the fields that are granted, and no key more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection

from staveworks.cluster.barrel.cards import assessment_card, diagnosis_card
from staveworks.cluster.barrel.editions import rubric_of
from staveworks.cluster.barrel.models import Answer, Assessment, Diagnosis, Evidence
from staveworks.cluster.barrel.types import AssessmentCard, DiagnosisCard, EvidenceFileNotFound, State, Value
from staveworks.db.transaction import acting, query
from staveworks.engine.barrel import Rubric
from staveworks.foundation.facts.queries.held import granted_fields, outline_of, profile_of
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, NotGranted, Purpose, plainly
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import open_file
from staveworks.foundation.files.types import OpenedFile
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """The water level without the planks."""

    water: Interval
    binding: str | None
    at: datetime
    finished: bool


@dataclass(frozen=True, slots=True)
class ShownAssessment:
    """The newest finished assessment, or the one under way, with its answers."""

    card: AssessmentCard
    rubric: Rubric
    answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A paper behind an answer; its bytes come by ``open_shown_document``."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    leaf: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ShownFirm:
    """``fields``: what is granted for the purpose; everything else here is None, also where it is granted but there is nothing:
    ask ``shows``."""

    firm: UUID
    name: Text
    purpose: Purpose
    fields: tuple[Field, ...]
    granted: frozenset[Field]
    outline: Mapping[str, object] | None = None
    profile: Mapping[str, object] | None = None
    level: ShownLevel | None = None
    barrel: DiagnosisCard | None = None
    assessment: ShownAssessment | None = None
    documents: tuple[ShownDocument, ...] = ()

    def shows(self, field: Field) -> bool:
        """Whether it is granted and no wider field has it too."""
        return field in self.fields


@query
def access_shown(actor: Actor, *, firm: UUID, purpose: Purpose) -> ShownFirm:
    """Logged as a reading of what is granted. Raises ``RightMissing``, ``NotGranted``."""
    actor.require("grant.read")
    granted = granted_fields(actor, firm=firm, purpose=purpose)
    found = Organisation.objects.filter(id=firm).first()
    if not granted or found is None:
        raise NotGranted
    fields = plainly(granted)
    with reading(actor, purpose=purpose, fields=granted) as log:
        log.of([firm])
        return ShownFirm(
            firm=firm,
            name=title_of(found.name, found.name_en),
            purpose=purpose,
            fields=fields,
            granted=granted,
            outline=outline_of(firm) if Field.OUTLINE in fields else None,
            profile=profile_of(firm) if Field.PROFILE in fields else None,
            level=_level(firm) if Field.LEVEL in fields else None,
            barrel=_barrel(firm) if Field.BARREL in granted else None,
            assessment=_assessment(firm) if Field.ASSESSMENT in fields else None,
            documents=_documents(actor, firm) if Field.DOCUMENTS in fields else (),
        )


def _level(firm: UUID) -> ShownLevel | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT water_low, water_likely, water_high, binding, at, finished FROM barrel_level "
            "WHERE org_id = %s AND water_low IS NOT NULL",
            [firm],
        )
        row = cursor.fetchone()
    return ShownLevel(Interval(*row[:3]), row[3] or None, row[4], row[5]) if row else None


def _barrel(firm: UUID) -> DiagnosisCard | None:
    found = Diagnosis.objects.filter(org_id=firm, current=True, water_low__isnull=False).first()
    return diagnosis_card(found) if found else None


def _assessment(firm: UUID) -> ShownAssessment | None:
    of_firm = Assessment.objects.filter(org_id=firm).select_related("edition", "diagnosis")
    found = of_firm.exclude(state=State.SUPERSEDED).order_by("finished_at", "-started_at").first()
    if found is None:
        return None
    answers = Answer.objects.filter(assessment=found, value__isnull=False).values_list("leaf", "value")
    return ShownAssessment(
        assessment_card(found),
        rubric_of(found.edition),
        {leaf: cast("Value", value) for leaf, value in answers},
    )


def _documents(actor: Actor, firm: UUID) -> tuple[ShownDocument, ...]:
    """The papers that the policy shows; what their files are called is read as the firm's."""
    papers = list(
        Evidence.objects.filter(org_id=firm).order_by("added_at").values_list("file_id", "added_at")
    )
    with acting(org=firm, person=actor.person_id):
        files = {file.id: file for file in StoredFile.objects.filter(id__in=[id_ for id_, _ in papers])}
        leaves = dict(Evidence.objects.filter(org_id=firm).values_list("file_id", "answer__leaf"))
    shown = {id_: (files[id_], at) for id_, at in papers if id_ in files}
    return tuple(
        ShownDocument(id_, file.name, file.media_type, file.size, leaves[id_], at)
        for id_, (file, at) in shown.items()
    )


@query
def open_shown_document(actor: Actor, *, firm: UUID, purpose: Purpose, file_id: UUID) -> OpenedFile:
    """A paper with its bytes. Raises ``RightMissing``, ``NotGranted``, ``EvidenceFileNotFound``."""
    actor.require("grant.read")
    with reading(actor, purpose=purpose, fields=[Field.DOCUMENTS]) as log:
        log.of([firm])
        if not Evidence.objects.filter(org_id=firm, file_id=file_id).exists():
            raise EvidenceFileNotFound
    with acting(org=firm, person=actor.person_id):
        reader = Actor(actor.person_id, firm, frozenset({"organisation.read"}))
        return open_file(reader, file_id=file_id)
