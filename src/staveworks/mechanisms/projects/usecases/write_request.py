"""The buyer writes a request, publishes it, or closes it without an award."""

from collections.abc import Sequence
from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.files.queries import access_file
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.documents import criteria_document, read_criteria
from staveworks.mechanisms.projects.domain import check_asked, check_reason
from staveworks.mechanisms.projects.finding import note, own_request
from staveworks.mechanisms.projects.models import Attachment, Invited, Request
from staveworks.mechanisms.projects.terms import terms_in_force
from staveworks.mechanisms.projects.types import (
    Asked,
    NotADraft,
    NotOpen,
    NotYours,
    RequestKind,
    RequestState,
)


@use_case
def draft_request(actor: Actor, *, asked: Asked, files: Sequence[UUID] = ()) -> UUID:
    """The id of the draft, which nobody else sees. ``files``: of the actor's organisation, become attachments.

    Raises ``RightMissing``, ``RequestInvalid`` at the field, ``OrganisationNotFound``, ``NotYours`` (invites itself), ``FileNotFound``.
    """
    actor.require("request.manage")
    row = Request(id=new_id(), buyer_org_id=actor.org, made_by_id=actor.person_id)
    _write(actor, row, asked, files, fresh=True)
    note(actor, "request.drafted", row)
    return row.id


@use_case
def change_request(actor: Actor, *, request_id: UUID, asked: Asked, files: Sequence[UUID] = ()) -> None:
    """Raises what ``draft_request`` does, and ``RequestNotFound``, ``NotADraft``."""
    actor.require("request.manage")
    row = own_request(actor, request_id)
    if row.state != RequestState.DRAFT:
        raise NotADraft
    _write(actor, row, asked, files, fresh=False)
    note(actor, "request.changed", row)


@use_case
def publish_request(actor: Actor, *, request_id: UUID) -> None:
    """From now on its words and its deadline stay as they are.

    Raises ``RightMissing``, ``RequestNotFound``, ``NotADraft``, ``RequestInvalid`` (the deadline came too near meanwhile).
    """
    actor.require("request.manage")
    row = own_request(actor, request_id)
    if row.state != RequestState.DRAFT:
        raise NotADraft
    terms = terms_in_force()
    check_asked(_asked(row), now=database_now(), shortest_hours=terms.shortest_hours)
    row.state, row.published_at = RequestState.OPEN, database_now()
    row.opens_until = row.closes_at + terms.opening
    row.save(update_fields=["state", "published_at", "opens_until"])
    note(actor, "request.published", row)


@use_case
def close_request(actor: Actor, *, request_id: UUID, reason: str) -> None:
    """No award will be made; whoever may see the request reads why. Raises ``RightMissing``, ``RequestNotFound``, ``NotOpen``,
    ``ReasonMissing``."""
    actor.require("request.manage")
    wording = check_reason(reason)
    row = own_request(actor, request_id)
    if row.state != RequestState.OPEN:
        raise NotOpen
    row.state, row.reason = RequestState.CLOSED, wording
    row.save(update_fields=["state", "reason"])
    note(actor, "request.closed", row)


def _write(actor: Actor, row: Request, asked: Asked, files: Sequence[UUID], *, fresh: bool) -> None:
    terms = terms_in_force()
    said = check_asked(asked, now=database_now(), shortest_hours=terms.shortest_hours)
    if actor.org in said.providers:
        raise NotYours
    row.title, row.text, row.kind, row.public = said.title, said.text, said.kind, not said.providers
    row.budget_fen, row.nda = said.budget_fen, said.nda
    row.rights_clause, row.confidentiality = said.rights_clause, said.confidentiality
    row.criteria = criteria_document(said.criteria)
    row.closes_at, row.opens_until = said.closes_at, said.closes_at + terms.opening
    row.save(force_insert=fresh)
    _invite(actor, row, said.providers)
    _attach(actor, row, files)


def _invite(actor: Actor, row: Request, providers: Sequence[UUID]) -> None:
    if Organisation.objects.filter(id__in=providers).count() != len(providers):
        raise OrganisationNotFound
    Invited.objects.filter(request=row).exclude(provider_org_id__in=providers).delete()
    known = set(Invited.objects.filter(request=row).values_list("provider_org_id", flat=True))
    for each in providers:
        if each not in known:
            Invited(id=new_id(), request=row, buyer_org_id=actor.org, provider_org_id=each).save(
                force_insert=True
            )


def _attach(actor: Actor, row: Request, files: Sequence[UUID]) -> None:
    """Raises ``FileNotFound`` for one that isn't of the actor's organisation."""
    Attachment.objects.filter(request=row).exclude(file_id__in=files).delete()
    known = set(Attachment.objects.filter(request=row).values_list("file_id", flat=True))
    for each in dict.fromkeys(files):
        if each not in known:
            access_file(actor, each, "request.manage")
            Attachment(id=new_id(), request=row, buyer_org_id=actor.org, file_id=each).save(force_insert=True)


def _asked(row: Request) -> Asked:
    return Asked(
        row.title, row.text, row.closes_at, read_criteria(row.criteria), RequestKind(row.kind), row.budget_fen
    )
