"""A provider hands in a sealed proposal, replaces it, or takes it back: before the deadline, by the database's clock."""

from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.finding import asked_request, last_version, lock, note
from staveworks.mechanisms.projects.models import Promise, Proposal, Request
from staveworks.mechanisms.projects.sealing import check_envelope
from staveworks.mechanisms.projects.types import DeadlinePassed, Envelope, NdaFirst, ProposalNotFound


@use_case
def seal_proposal(actor: Actor, *, request_id: UUID, envelope: Envelope) -> int:
    """The number of the version. The room gets the envelope only, never what is inside.

    Raises ``RightMissing``, ``RequestNotFound``, ``NotYours``, ``NotOpen``, ``DeadlinePassed``, ``NdaFirst``, ``EnvelopeInvalid``.
    """
    actor.require("proposal.make")
    closed = check_envelope(envelope)
    asked = asked_request(actor, request_id)
    if asked.nda and not Promise.objects.filter(request=asked, provider_org_id=actor.org).exists():
        raise NdaFirst
    return _add(actor, asked, closed, "proposal.sealed")


@use_case
def withdraw_proposal(actor: Actor, *, request_id: UUID) -> None:
    """Raises ``RightMissing``, ``RequestNotFound``, ``NotYours``, ``NotOpen``, ``DeadlinePassed``, ``ProposalNotFound``."""
    actor.require("proposal.make")
    asked = asked_request(actor, request_id)
    last = last_version(actor, request_id)
    if last is None or not last.sealed:
        raise ProposalNotFound
    _add(actor, asked, Envelope("", ""), "proposal.withdrawn")


def _add(actor: Actor, asked: Request, envelope: Envelope, event: str) -> int:
    """Versions of one provider come one after the other; the database looks at the deadline once more, here and at the commit."""
    lock(f"proposal of {actor.org} in", asked.id)
    last = last_version(actor, asked.id)
    row = Proposal(
        id=new_id(),
        request=asked,
        buyer_org_id=asked.buyer_org_id,
        provider_org_id=actor.org,
        number=(last.number if last else 0) + 1,
        sealed=envelope.sealed,
        commitment=envelope.commitment,
        sealed_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "the deadline has passed" in str(error):
            raise DeadlinePassed from None
        raise
    note(actor, event, row, number=row.number)
    return row.number
