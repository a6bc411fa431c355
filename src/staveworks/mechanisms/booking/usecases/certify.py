"""Record who was trained on a resource, and end it earlier. One row for each certificate; what was recorded stays."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.free import local_day
from staveworks.mechanisms.booking.models import TrainingCertificate as Row
from staveworks.mechanisms.booking.queries import access_bookable
from staveworks.mechanisms.booking.types import (
    CertificateInvalid,
    CertificateNotFound,
    CertificateOver,
    FirmNotFound,
)

NO_NAME = Text(zh="写上姓名。", en="Write the person’s name.")
NO_REASON = Text(zh="写一句为什么，对方会读到。", en="Say why; the firm reads it.")
NOT_OWN = Text(zh="自己单位的人不用证明。", en="Your own people need no certificate.")
OVER = Text(
    zh="最后一天不早于第一天，也不早于今天。", en="The last day is not before the first, nor before today."
)


@dataclass(frozen=True, slots=True)
class Trained:
    """Who was trained: a person of the firm with this USCC, by phone or e-mail. Good from the first day to the last."""

    uscc: str
    name: str
    contact: str
    valid_from: date
    valid_until: date


@use_case
def certify_person(actor: Actor, *, resource_id: UUID, trained: Trained) -> UUID:
    """The id of the certificate.

    Raises ``RightMissing``, ``ResourceNotFound``, ``FirmNotFound``, ``CertificateInvalid``, ``ContactInvalid``, ``PhoneInvalid``.
    """
    resource = access_bookable(actor, resource_id=resource_id)
    firm = Organisation.objects.filter(uscc="".join(trained.uscc.split()).upper(), merged_into=None).first()
    if firm is None or not trained.uscc.strip():
        raise FirmNotFound(field="uscc")
    if firm.id == actor.org:
        raise CertificateInvalid(NOT_OWN, field="uscc")
    name = " ".join(trained.name.split())[:60]
    if not name:
        raise CertificateInvalid(NO_NAME, field="name")
    contact = contact_of(trained.contact)
    if trained.valid_until < max(trained.valid_from, local_day(resource, database_now())):
        raise CertificateInvalid(OVER, field="valid_until")
    row = Row(
        id=new_id(),
        resource_id=resource_id,
        provider_org_id=actor.org,
        buyer_org_id=firm.id,
        name=name,
        contact=contact.address,
        valid_from=trained.valid_from,
        valid_until=trained.valid_until,
    )
    row.save(force_insert=True)
    append_event(actor, "training.certified", subject=row.id, resource=resource_id, firm=firm.id)
    return row.id


@use_case
def end_certificate(actor: Actor, *, resource_id: UUID, certificate_id: UUID, reason: str) -> None:
    """From today on it is good no more; who booked with it has a to-do.

    Raises ``RightMissing``, ``ResourceNotFound``, ``CertificateNotFound``, ``CertificateInvalid``, ``CertificateOver``.
    """
    resource = access_bookable(actor, resource_id=resource_id)
    today, why = local_day(resource, database_now()), " ".join(reason.split())[:200]
    own = Row.objects.filter(id=certificate_id, resource_id=resource_id, provider_org_id=actor.org)
    if not own.exists():
        raise CertificateNotFound
    if not why:
        raise CertificateInvalid(NO_REASON, field="reason")
    if not own.filter(ended_on=None, valid_until__gte=today).update(ended_on=today, ended_reason=why):
        raise CertificateOver
    append_event(actor, "training.ended", subject=certificate_id, resource=resource_id)
