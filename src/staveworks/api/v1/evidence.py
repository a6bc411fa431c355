"""Papers behind answers, and vouching for them."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.reading import BYTES, FORM
from staveworks.api.shapes import In, Line, Nothing, Out
from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.foundation.facts.types import Grade
from staveworks.foundation.files.queries import open_file
from staveworks.foundation.files.types import ScanState
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.kit.text import Text

router = Resource("assessments")
files_router = Resource("assessments")
ANSWER = right("assessment.answer")


class AttestIn(In):
    grade: Grade = Grade.INSPECTOR
    note: Line = ""


class EvidenceDone(Out):
    """``file`` can be read at ``/files/{file}``, once it is scanned where ``scan`` says *waiting*."""

    evidence: UUID
    file: UUID
    media_type: str
    size: int
    scan: ScanState


@router.effect(
    "POST",
    "/{uuid:assessment}/answers/{leaf}/evidence",
    says=Text(zh="上传材料", en="Upload evidence"),
    door=ANSWER,
    answer=EvidenceDone,
    status=201,
    takes=FORM,
)
def upload_evidence(
    request: Call,
    assessment: UUID,
    leaf: str,
    file: File[UploadedFile],
    note: Annotated[str, Form(), Field(max_length=400)] = "",
) -> EvidenceDone:
    """PDF, photograph, Word or Excel, judged by content, up to 20 MB. It waits to be checked and verifies nothing by itself."""
    request.auth.require("assessment.answer")
    stored = store_file(request.auth, name=file.name or "", content=file.chunks(), field="file")
    evidence = attach_evidence(
        request.auth, assessment_id=assessment, leaf=leaf, file_id=stored.id, note=note
    )
    return EvidenceDone(
        evidence=evidence, file=stored.id, media_type=stored.media_type, size=stored.size, scan=stored.scan
    )


@router.effect(
    "POST",
    "/{uuid:assessment}/answers/{leaf}/attestations",
    says=Text(zh="核验答案", en="Attest an answer"),
    door=right("assessment.attest"),
    answer=Nothing,
)
def attest_one_answer(request: Call, assessment: UUID, leaf: str, body: AttestIn) -> Nothing:
    """Somebody of another organisation vouches for the answer as it stands: ``document`` (its papers check out) or ``inspector``."""
    attest_answer(request.auth, assessment_id=assessment, leaf=leaf, grade=body.grade, note=body.note)
    return Nothing()


@files_router.read(
    "/{uuid:file}",
    says=Text(zh="下载文件", en="Get a file"),
    door=right("assessment.read"),
    answer=None,
    gives=BYTES,
)
def get_file(request: Call, file: UUID) -> HttpResponse:
    """The bytes as they were uploaded; never shown in place, always saved."""
    found = open_file(request.auth, file_id=file, right="assessment.read")
    response = HttpResponse(found.content, content_type=BYTES)
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
