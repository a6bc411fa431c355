"""Rows as the room hands them out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import title_of
from staveworks.kit.text import Text
from staveworks.mechanisms.projects import models
from staveworks.mechanisms.projects.documents import parse_bid, read_edits
from staveworks.mechanisms.projects.domain import phase_of
from staveworks.mechanisms.projects.types import (
    Attachment,
    Change,
    Delivery,
    Edit,
    MilestoneVerdict,
    Opened,
    Planned,
    RequestCard,
    RequestKind,
    RequestState,
    Said,
    Sealed,
    Word,
)


def name_of(org: Organisation) -> Text:
    return title_of(org.name, org.name_en)


def card_of(row: models.Request, *, reader: UUID | None, unopened: int | None, now: datetime) -> RequestCard:
    return RequestCard(
        id=row.id,
        buyer_org=row.buyer_org_id,
        buyer=name_of(row.buyer_org),
        title=row.title,
        kind=RequestKind(row.kind),
        phase=phase_of(
            RequestState(row.state),
            closes_at=row.closes_at,
            opens_until=row.opens_until,
            unopened=unopened,
            now=now,
        ),
        public=row.public,
        budget_fen=row.budget_fen,
        closes_at=row.closes_at,
        opens_until=row.opens_until,
        own=row.buyer_org_id == reader,
    )


def sealed_of(row: models.Proposal) -> Sealed:
    return Sealed(
        id=row.id,
        provider_org=row.provider_org_id,
        provider=name_of(row.provider_org),
        number=row.number,
        commitment=row.commitment,
        withdrawn=not row.sealed,
        sealed_at=row.sealed_at,
    )


def opened_of(row: models.Opening) -> Opened:
    return Opened(
        proposal_id=row.proposal_id,
        provider_org=row.provider_org_id,
        provider=name_of(row.provider_org),
        bid=parse_bid(row.content),
        price_fen=row.price_fen,
        opened_at=row.opened_at,
    )


def attachment_of(file: StoredFile) -> Attachment:
    return Attachment(file.id, file.name, file.size, file.sha256)


def planned_of(row: models.Milestone) -> Planned:
    return Planned(row.title, row.deliverable, row.criteria, row.due_date, row.price_fen)


def delivery_of(row: models.Delivery) -> Delivery:
    return Delivery(
        id=row.id,
        number=row.number,
        text=row.text,
        files=tuple(_file(each) for each in row.files),
        delivered_at=row.delivered_at,
        verdict=MilestoneVerdict(row.verdict) if row.verdict else None,
        reason=row.reason,
    )


def change_of(
    row: models.Change, signatures: Iterable[models.Signature], versions: Iterable[models.Milestone]
) -> Change:
    """``versions``: of the contract's milestones, the first before the later."""
    edits = read_edits(row.edits)
    earlier = [each for each in versions if each.change is None or each.change.number < row.number]
    stood = {each.place: planned_of(each) for each in earlier}
    return Change(
        id=row.id,
        number=row.number,
        by_org=row.by_org_id,
        reason=row.reason,
        edits=edits,
        before=tuple(Edit(each.place, stood[each.place]) for each in edits if each.place in stood),
        proposed_at=row.proposed_at,
        words=tuple(Said(each.org_id, Word(each.word), each.at) for each in signatures),
    )


def _file(said: Mapping[str, Any]) -> Attachment:
    return Attachment(UUID(said["id"]), said["name"], said["size"], said["sha256"])
