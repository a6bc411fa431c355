"""培训证明: who may come to what is lent by the hour, as its provider has recorded; for how long."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.queries import list_certificates
from staveworks.mechanisms.booking.types import TrainingCertificate
from staveworks.mechanisms.booking.usecases.certify import Trained, certify_person, end_certificate

router = Resource("bookables")
READ, SERVE = right("offer.read"), right("line.serve")


class TrainedIn(In):
    """Who was trained: a person of the firm with this USCC, by phone or e-mail. ``valid_until``: the last day."""

    uscc: Annotated[str, Field(max_length=30)]
    name: Annotated[str, Field(max_length=60)]
    contact: Annotated[str, Field(max_length=254)]
    valid_from: date
    valid_until: date


class TrainingCertificateOut(Out):
    """``ended_on``: from this day on it is good no more. A name and contact that were erased are empty."""

    id: UUID
    firm: UUID
    firm_name: Words
    name: str
    contact: str
    valid_from: date
    valid_until: date
    ended_on: date | None
    ended_reason: str

    @classmethod
    def of(cls, each: TrainingCertificate) -> "TrainingCertificateOut":
        return cls(
            id=each.id,
            firm=each.buyer_org,
            firm_name=Words.of(each.buyer),
            name=each.name,
            contact=each.contact,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            ended_on=each.ended_on,
            ended_reason=each.ended_reason,
        )


class TrainingCertificatesOut(Out):
    certificates: list[TrainingCertificateOut]


class CertifiedOut(Out):
    certificate: UUID


class EndCertificateIn(In):
    reason: Annotated[str, Field(max_length=200)]


@router.read(
    "/{uuid:bookable}/certificates",
    says=Text(zh="培训证明", en="Training certificates of a resource"),
    door=READ,
    answer=TrainingCertificatesOut,
)
def get_certificates(request: Call, bookable: UUID) -> TrainingCertificatesOut:
    """For its provider all, for a firm those of its own people; the newest first. ``id`` is what ``comes`` names."""
    found = list_certificates(request.auth, resource_id=bookable)
    return TrainingCertificatesOut(certificates=[TrainingCertificateOut.of(each) for each in found])


@router.effect(
    "POST", "/{uuid:bookable}/certificates", says=Text(zh="登记培训证明", en="Record a training certificate"),
    door=SERVE, answer=CertifiedOut, status=201,
)  # fmt: skip
def add_certificate(request: Call, bookable: UUID, body: TrainedIn) -> CertifiedOut:
    """Its person may come from the first day to the last."""
    return CertifiedOut(
        certificate=certify_person(request.auth, resource_id=bookable, trained=Trained(**body.model_dump()))
    )


@router.effect(
    "POST", "/{uuid:bookable}/certificates/{uuid:certificate}/ending",
    says=Text(zh="终止培训证明", en="End a training certificate"), door=SERVE, answer=Nothing,
)  # fmt: skip
def post_ending(request: Call, bookable: UUID, certificate: UUID, body: EndCertificateIn) -> Nothing:
    """From today on; whoever booked with it has a to-do."""
    end_certificate(request.auth, resource_id=bookable, certificate_id=certificate, reason=body.reason)
    return Nothing()
