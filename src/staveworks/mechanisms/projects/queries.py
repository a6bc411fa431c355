"""Reads. Row security decides which rows there are: a sealed proposal is its provider's until the deadline is over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import F, Q, QuerySet

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting, query
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import access_file
from staveworks.foundation.files.types import FileRecord
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.mechanisms.projects import models
from staveworks.mechanisms.projects.documents import read_criteria
from staveworks.mechanisms.projects.domain import rank, step_of
from staveworks.mechanisms.projects.finding import agreed
from staveworks.mechanisms.projects.ordering import lines_of
from staveworks.mechanisms.projects.rows import (
    attachment_of,
    card_of,
    change_of,
    delivery_of,
    name_of,
    opened_of,
    planned_of,
    sealed_of,
)
from staveworks.mechanisms.projects.types import (
    Attachment,
    AttachmentNotFound,
    Change,
    Contract,
    ContractNotFound,
    Milestone,
    Opened,
    Ranked,
    Request,
    RequestCard,
    RequestKind,
    RequestNotFound,
    RequestState,
    Sealed,
    latest,
)
from staveworks.trade.catalogue.models import Offer
from staveworks.trade.catalogue.types import OfferState

CODE = "project"
"""Of the way of delivery, in the catalogue."""


@query
def list_requests(actor: Actor, *, kind: RequestKind | None = None, limit: int = 200) -> list[RequestCard]:
    """The board: published requests that the organisation may answer, the nearest deadline first. Raises ``RightMissing``."""
    actor.require("request.read")
    now = database_now()
    found = models.Request.objects.filter(state=RequestState.OPEN, closes_at__gt=now).exclude(
        buyer_org_id=actor.org
    )
    found = found.filter(kind=kind) if kind else found
    rows = found.select_related("buyer_org").order_by("closes_at", "id")[:limit]
    return [card_of(row, reader=actor.org_id, unopened=None, now=now) for row in rows]


@query
def list_own_requests(actor: Actor, *, limit: int = 200) -> list[RequestCard]:
    """The organisation's own, the newest first. Raises ``RightMissing``."""
    actor.require("request.read")
    return _cards(actor, Q(buyer_org_id=actor.org), limit)


@query
def list_answered_requests(actor: Actor, *, limit: int = 200) -> list[RequestCard]:
    """Those of others that the organisation handed in a proposal for, the newest first. Raises ``RightMissing``."""
    actor.require("proposal.make")
    answered = models.Proposal.objects.filter(provider_org_id=actor.org).values("request_id")
    return _cards(actor, Q(id__in=answered), limit)


@query
def access_request(actor: Actor, *, request_id: UUID) -> Request:
    """As its buyer, or as one that may answer it. Raises ``RightMissing``, ``RequestNotFound``."""
    actor.require("request.read")
    row = models.Request.objects.filter(id=request_id).select_related("buyer_org").first()
    if row is None:
        raise RequestNotFound
    own, now = row.buyer_org_id == actor.org, database_now()
    sealed = _sealed(row) if own else ()
    opened = _opened(row) if own else []
    contract = models.Contract.objects.filter(request=row, set_aside_at=None).first()
    accepted = own or _promised(actor, row)
    return Request(
        card=card_of(row, reader=actor.org_id, unopened=len(sealed) - len(opened) if own else None, now=now),
        text=row.text,
        criteria=read_criteria(row.criteria),
        nda=row.nda,
        nda_accepted=accepted,
        rights_clause=row.rights_clause,
        confidentiality=row.confidentiality,
        providers=_providers(row) if own else (),
        attachments=_attachments(row) if accepted else None,
        mine=None if own or not actor.may("proposal.make") else _mine(actor, row),
        my_opening=None if own or not actor.may("proposal.make") else _my_opening(actor, row),
        sealed=sealed,
        comparison=_comparison(row, opened) if own else (),
        winner_org=contract.provider_org_id if contract else None,
        contract_id=contract.id if contract else None,
    )


@query
def access_attachment(actor: Actor, *, request_id: UUID, file_id: UUID) -> FileRecord:
    """A file of a request, for its buyer, and for whoever may see it and accepted the NDA, where there is one.

    Raises ``RightMissing``, ``RequestNotFound``, ``AttachmentNotFound``, ``FileWaiting``, ``FileQuarantined``.
    """
    actor.require("request.read")
    if not models.Request.objects.filter(id=request_id).exists():
        raise RequestNotFound
    row = models.Attachment.objects.filter(request_id=request_id, file_id=file_id).first()
    if row is None:
        raise AttachmentNotFound
    return _file_of(actor, row.buyer_org_id, file_id)


@query
def list_contracts(actor: Actor, *, limit: int = 200) -> list[Contract]:
    """Those of which the organisation is a side, the newest first; without their milestones. Raises ``RightMissing``."""
    actor.require("request.read")
    rows = _contracts().order_by("-made_at", "id")[:limit]
    return [_contract(row) for row in rows]


@query
def access_contract(actor: Actor, *, contract_id: UUID) -> Contract:
    """With its milestones, deliveries and changes. Raises ``RightMissing``, ``ContractNotFound``."""
    actor.require("request.read")
    row = _contracts().filter(id=contract_id).first()
    if row is None:
        raise ContractNotFound
    changes = list(row.changes.order_by("number").prefetch_related("signatures"))
    versions = row.milestones.select_related("change").order_by("place", "version") if changes else ()
    return _contract(
        row,
        milestones=_milestones(actor, row),
        changes=[
            change_of(each, sorted(each.signatures.all(), key=lambda one: one.at), versions)
            for each in changes
        ],
    )


@query
def access_delivered_file(actor: Actor, *, contract_id: UUID, file_id: UUID) -> FileRecord:
    """A file of a delivery, for both sides. Raises ``RightMissing``, ``ContractNotFound``, ``AttachmentNotFound``, ``FileWaiting``."""
    actor.require("request.read")
    row = _contracts().filter(id=contract_id).first()
    if row is None:
        raise ContractNotFound
    if not row.deliveries.filter(files__contains=[{"id": str(file_id)}]).exists():
        raise AttachmentNotFound
    return _file_of(actor, row.provider_org_id, file_id)


@query
def list_project_providers(actor: Actor, *, limit: int = 100) -> list[tuple[UUID, Text]]:
    """Whom a request may name: organisations with a published project offer, but the actor's own. Raises ``RightMissing``."""
    actor.require("request.manage")
    offers = Offer.objects.filter(
        state=OfferState.PUBLISHED, versions__mechanism=CODE, versions__number=F("number")
    )
    found = Organisation.objects.filter(id__in=offers.values("provider_org_id")).exclude(id=actor.org)
    return [(each.id, name_of(each)) for each in found.order_by("sort_key", "id")[:limit]]


@query
def sides_of_request(actor: Actor, *, request_id: UUID) -> tuple[UUID | None, tuple[UUID, ...]]:
    """(buyer, whom it names), for whoever sees the request; those named are the buyer's to know."""
    row = models.Request.objects.filter(id=request_id).first()
    if row is None:
        return None, ()
    return row.buyer_org_id, tuple(sorted(row.invited.values_list("provider_org_id", flat=True)))


@query
def parties_of_contract(actor: Actor, *, contract_id: UUID) -> tuple[UUID, UUID] | None:
    """(buyer, provider), for either of them; None where there is none that the actor sees."""
    row = models.Contract.objects.filter(id=contract_id).first()
    return (row.buyer_org_id, row.provider_org_id) if row else None


@query
def contract_of_change(actor: Actor, *, change_id: UUID) -> UUID | None:
    """For its sides; None where there is none that the actor sees."""
    return models.Change.objects.filter(id=change_id).values_list("contract_id", flat=True).first()


def _cards(actor: Actor, which: Q, limit: int) -> list[RequestCard]:
    now = database_now()
    rows = models.Request.objects.filter(which).select_related("buyer_org").order_by("-made_at", "id")[:limit]
    left = _unopened(actor, [row.id for row in rows])
    return [
        card_of(
            row,
            reader=actor.org_id,
            unopened=left.get(row.id, 0) if row.buyer_org_id == actor.org else None,
            now=now,
        )
        for row in rows
    ]


def _unopened(actor: Actor, requests: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many of the sealed proposals to own requests aren't open, as far as they are seen."""
    last: dict[tuple[UUID, UUID], models.Proposal] = {}
    found = models.Proposal.objects.filter(request_id__in=requests, buyer_org_id=actor.org)
    for row in found.defer("sealed").order_by("number"):
        last[row.request_id, row.provider_org_id] = row
    opened = set(
        models.Opening.objects.filter(request_id__in=requests).values_list("request_id", "provider_org_id")
    )
    counts: dict[UUID, int] = {}
    for key, row in last.items():
        if row.commitment and key not in opened:
            counts[row.request_id] = counts.get(row.request_id, 0) + 1
    return counts


def _sealed(row: models.Request) -> tuple[Sealed, ...]:
    """Of each provider the version that counts, the earliest first. Before the deadline row security shows the buyer none."""
    by_provider: dict[UUID, list[Sealed]] = {}
    for each in row.proposals.select_related("provider_org"):
        by_provider.setdefault(each.provider_org_id, []).append(sealed_of(each))
    counting = [found for versions in by_provider.values() if (found := latest(versions))]
    return tuple(sorted(counting, key=lambda each: (each.sealed_at, each.id)))


def _opened(row: models.Request) -> list[Opened]:
    """In the order in which they were sealed."""
    rows = row.openings.select_related("provider_org", "proposal").order_by(
        "proposal__sealed_at", "proposal_id"
    )
    return [opened_of(each) for each in rows]


def _comparison(row: models.Request, opened: Sequence[Opened]) -> tuple[Ranked, ...]:
    given = models.Points.objects.filter(opening__request=row).values_list("opening_id", "place", "value")
    return rank(
        opened, read_criteria(row.criteria), {(opening, place): value for opening, place, value in given}
    )


def _mine(actor: Actor, row: models.Request) -> Sealed | None:
    own = models.Proposal.objects.filter(request=row, provider_org_id=actor.org)
    return latest([sealed_of(each) for each in own.select_related("provider_org")])


def _my_opening(actor: Actor, row: models.Request) -> Opened | None:
    own = models.Opening.objects.filter(request=row, provider_org_id=actor.org)
    found = own.select_related("provider_org").first()
    return opened_of(found) if found else None


def _promised(actor: Actor, row: models.Request) -> bool:
    if not row.nda:
        return True
    return models.Promise.objects.filter(request=row, provider_org_id=actor.org).exists()


def _providers(row: models.Request) -> tuple[tuple[UUID, Text], ...]:
    invited = row.invited.select_related("provider_org").order_by("provider_org__name", "id")
    return tuple((each.provider_org_id, name_of(each.provider_org)) for each in invited)


def _attachments(row: models.Request) -> tuple[Attachment, ...]:
    """Their names are the buyer's files: read as the buyer, of the rows that the reader sees."""
    ids = list(row.attachments.order_by("id").values_list("file_id", flat=True))
    with acting(org=row.buyer_org_id):
        files = {each.id: each for each in StoredFile.objects.filter(id__in=ids)}
    return tuple(attachment_of(files[each]) for each in ids if each in files)


def _file_of(actor: Actor, org: UUID, file_id: UUID) -> FileRecord:
    """Once the reader has seen the row that names the file, its bytes are the owner's to show."""
    return access_file(replace(actor, org_id=org), file_id, "request.read")


def _contracts() -> QuerySet[models.Contract]:
    return models.Contract.objects.filter(set_aside_at=None).select_related(
        "request", "buyer_org", "provider_org"
    )


def _contract(
    row: models.Contract, milestones: Sequence[Milestone] = (), changes: Sequence[Change] = ()
) -> Contract:
    return Contract(
        id=row.id,
        request_id=row.request_id,
        title=row.request.title,
        buyer_org=row.buyer_org_id,
        buyer=name_of(row.buyer_org),
        provider_org=row.provider_org_id,
        provider=name_of(row.provider_org),
        rights_clause=row.request.rights_clause,
        confidentiality=row.request.confidentiality,
        made_at=row.made_at,
        milestones=tuple(milestones),
        changes=tuple(changes),
    )


def _milestones(actor: Actor, row: models.Contract) -> list[Milestone]:
    states = lines_of(actor, row)
    deliveries: dict[int, list[models.Delivery]] = {}
    for handed in row.deliveries.order_by("number"):
        deliveries.setdefault(handed.place, []).append(handed)
    found = []
    for place, each in agreed(row).items():
        its = tuple(delivery_of(one) for one in deliveries.get(place, []))
        line = states.get(each.line_id) if each.line_id else None
        found.append(
            Milestone(
                id=each.id,
                place=place,
                version=each.version,
                planned=planned_of(each),
                line_id=each.line_id if line else None,
                line_state=line,
                step=step_of(line, its),
                deliveries=its,
            )
        )
    return found
