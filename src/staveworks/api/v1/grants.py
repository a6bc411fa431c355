"""Who sees what: grants that the organisation gives and withdraws, who has looked, and what others show to it."""

from datetime import date, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page, page_of_all, position
from staveworks.api.shapes import In, Nothing, Out, Span, Words
from staveworks.api.v1.answers import Value
from staveworks.api.v1.barrels import BarrelOut, show_barrel
from staveworks.cluster.barrel.shown import ShownFirm, access_shown, open_shown_document
from staveworks.foundation.facts import types as facts
from staveworks.foundation.facts.queries import HeldGrant, Look, list_grants, list_held, list_looks
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.facts.usecases.withdraw_grant import withdraw_grant
from staveworks.foundation.parties.types import Kind
from staveworks.kit.text import Text

router = Resource("grants")
looks_router = Resource("grants")
shown_router = Resource("grants")
OWN, MANAGE, READ = right("organisation.read"), right("agreement.manage"), right("grant.read")
BYTES = "application/octet-stream"


class GrantOut(Out):
    """Either ``organisation`` or ``kind`` is the grantee. ``until`` is exclusive; ``by_agreement``: of the membership agreement."""

    id: UUID
    organisation: UUID | None
    kind: Kind | None
    grantee: Words
    purpose: facts.Purpose
    fields: list[facts.Field]
    since: datetime
    until: datetime | None
    withdrawn_at: datetime | None
    by_agreement: bool


class GrantFilter(In):
    ended: Annotated[bool, Field(description="Those that have ended instead of those that hold.")] = False


class GiveGrant(In):
    """To one ``organisation`` or to a ``kind``. ``until``: the last day; null: until it is withdrawn."""

    organisation: UUID | None = None
    kind: Kind | None = None
    purpose: facts.Purpose
    fields: Annotated[list[facts.Field], Field(min_length=1, max_length=10)]
    until: date | None = None


class GrantGiven(Out):
    id: UUID


class LookOut(Out):
    """What one organisation read on one ``day`` for one purpose through one door (``page``, ``api``, ``export``, ``report``)."""

    day: date
    reader: UUID
    reader_name: Words
    purpose: facts.Purpose
    fields: list[facts.Field]
    door: str
    times: int
    last_at: datetime
    people: list[Words]


class LooksFrom(In):
    before: Annotated[date | None, Field(description="Of earlier days than this.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class LooksOut(Out):
    items: list[LookOut]


class HeldOut(Out):
    """A firm that grants the organisation ``fields`` for ``purpose``."""

    firm: UUID
    name: Words
    uscc: str | None
    city: Words | None
    purpose: facts.Purpose
    fields: list[facts.Field]
    since: datetime
    until: datetime | None


class HeldFilter(In):
    purpose: facts.Purpose | None = None
    words: Annotated[str, Field(max_length=100, description="Part of the name.")] = ""


@router.read("", says=Text(zh="列出授权", en="List grants"), door=OWN, answer=Page[GrantOut])
def list_given_grants(request: Call, filter: Query[GrantFilter], paging: Query[Paging]) -> Page[GrantOut]:
    """Those that the organisation gave, the newest first."""
    return page_of_all(
        list_grants(request.auth, ended=filter.ended, limit=10_000),
        paging=paging,
        listing=f"grants:{filter.ended}",
        key=lambda grant: (grant.since.isoformat(), str(grant.id)),
        show=_grant,
        newest_first=True,
    )


def _grant(card: facts.GrantCard) -> GrantOut:
    return GrantOut(
        id=card.id,
        organisation=card.grantee.org_id,
        kind=card.grantee.kind,
        grantee=Words.of(card.grantee_name),
        purpose=card.purpose,
        fields=list(card.fields),
        since=card.since,
        until=card.until,
        withdrawn_at=card.withdrawn_at,
        by_agreement=card.by_agreement,
    )


@router.effect(
    "POST", "", says=Text(zh="授权", en="Give a grant"), door=MANAGE, answer=GrantGiven, status=201
)
def give_one_grant(request: Call, body: GiveGrant) -> GrantGiven:
    """Takes the place of one to the same grantee for the same purpose. They see it from now on."""
    if (body.organisation is None) == (body.kind is None):
        raise facts.GranteeUnknown(field="organisation")
    grant = give_grant(
        request.auth,
        to=facts.Grantee(body.organisation, body.kind),
        purpose=body.purpose,
        fields=body.fields,
        until=body.until,
    )
    return GrantGiven(id=grant)


@router.effect(
    "DELETE",
    "/{uuid:grant}",
    says=Text(zh="撤回授权", en="Withdraw a grant"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_grant(request: Call, grant: UUID) -> Nothing:
    """They see nothing by it from now on. One of the membership agreement is withdrawn at ``/agreement``."""
    withdraw_grant(request.auth, grant_id=grant)
    return Nothing()


@looks_router.read("", says=Text(zh="谁看过", en="List who has looked"), door=OWN, answer=LooksOut)
def list_all_looks(request: Call, asked: Query[LooksFrom]) -> LooksOut:
    """By day, reader, purpose and door, the newest first."""
    return LooksOut(
        items=[_look(look) for look in list_looks(request.auth, before=asked.before, limit=asked.limit)]
    )


def _look(look: Look) -> LookOut:
    return LookOut(
        day=look.day,
        reader=look.reader,
        reader_name=Words.of(look.reader_name),
        purpose=look.purpose,
        fields=list(look.fields),
        door=look.door,
        times=look.times,
        last_at=look.last_at,
        people=[Words.of(person) for person in look.people],
    )


@shown_router.read(
    "", says=Text(zh="列出授权给我们的企业", en="List firms that grant us"), door=READ, answer=Page[HeldOut]
)
def list_shown_firms(request: Call, filter: Query[HeldFilter], paging: Query[Paging]) -> Page[HeldOut]:
    """By name; nothing of theirs is read yet."""
    listing = f"shown:{filter.purpose}:{filter.words}"
    after = position(paging, listing)
    offset = int(after[0]) if after else 0
    rows, _ = list_held(
        request.auth, purpose=filter.purpose, words=filter.words, offset=offset, limit=paging.limit + 1
    )
    return page(
        list(enumerate(rows, offset + 1)),
        paging=paging,
        listing=listing,
        key=lambda placed: (placed[0],),
        show=lambda placed: _held(placed[1]),
    )


def _held(held: HeldGrant) -> HeldOut:
    return HeldOut(
        firm=held.firm,
        name=Words.of(held.name),
        uscc=held.uscc,
        city=Words.maybe(held.city),
        purpose=held.purpose,
        fields=list(held.fields),
        since=held.since,
        until=held.until,
    )


class OutlineOut(Out):
    business_type: str
    staff: int | None
    staff_approximate: bool
    products: str
    website: str


class ShownProfileOut(OutlineOut):
    contact: str
    phones: list[str]
    email: str
    address: str


class ShownLevelOut(Out):
    water_level: Span
    binding: str | None
    at: datetime
    finished: bool


class ShownAnswersOut(Out):
    assessment: UUID
    rubric: str
    edition: str
    state: str
    finished_at: datetime | None
    answers: dict[str, Value]


class DocumentOut(Out):
    file: UUID
    name: str
    media_type: str
    size: int
    leaf: str
    added_at: datetime


class ShownOut(Out):
    """``shown`` has one key for each field that is granted for the purpose, and no other: ``outline`` or ``profile``, ``level`` or
    ``barrel``, ``assessment``, ``documents``; null where the firm has nothing yet."""

    firm: UUID
    name: Words
    purpose: facts.Purpose
    fields: list[facts.Field]
    shown: dict[
        facts.Field,
        OutlineOut | ShownProfileOut | ShownLevelOut | BarrelOut | ShownAnswersOut | list[DocumentOut] | None,
    ]


@shown_router.read(
    "/{uuid:firm}/{purpose}",
    says=Text(zh="查看授权企业", en="Get what a firm shows"),
    door=READ,
    answer=ShownOut,
)
def get_shown_firm(request: Call, firm: UUID, purpose: facts.Purpose) -> ShownOut:
    """One firm as it shows itself for this purpose. The look is logged; its owner sees it."""
    found = access_shown(request.auth, firm=firm, purpose=purpose)
    return ShownOut(
        firm=found.firm,
        name=Words.of(found.name),
        purpose=found.purpose,
        fields=list(found.fields),
        shown={field: _shown(found, field) for field in facts.Field if _has(found, field)},
    )


def _has(found: ShownFirm, field: facts.Field) -> bool:
    """Each granted part once: a barrel comes also with answers, a level only by itself."""
    return found.shows(field) or (field == facts.Field.BARREL and field in found.granted)


def _shown(found: ShownFirm, field: facts.Field) -> Any:
    if field == facts.Field.OUTLINE:
        return OutlineOut.model_validate(found.outline) if found.outline else None
    if field == facts.Field.PROFILE:
        return ShownProfileOut.model_validate(found.profile) if found.profile else None
    if field == facts.Field.LEVEL:
        level = found.level
        return level and ShownLevelOut(
            water_level=Span.of(level.water), binding=level.binding, at=level.at, finished=level.finished
        )
    if field == facts.Field.BARREL:
        return show_barrel(found.barrel) if found.barrel else None
    return _answers(found) if field == facts.Field.ASSESSMENT else _documents(found)


def _answers(found: ShownFirm) -> ShownAnswersOut | None:
    if found.assessment is None:
        return None
    card = found.assessment.card
    return ShownAnswersOut(
        assessment=card.id,
        rubric=card.rubric,
        edition=card.edition,
        state=card.state,
        finished_at=card.finished_at,
        answers=cast("dict[str, Value]", dict(found.assessment.answers)),
    )


def _documents(found: ShownFirm) -> list[DocumentOut]:
    return [
        DocumentOut(
            file=paper.file_id,
            name=paper.name,
            media_type=paper.media_type,
            size=paper.size,
            leaf=paper.leaf,
            added_at=paper.added_at,
        )
        for paper in found.documents
    ]


@shown_router.read(
    "/{uuid:firm}/{purpose}/files/{uuid:file}",
    says=Text(zh="下载授权企业的材料", en="Get a document that a firm shows"),
    door=READ,
    answer=None,
    gives=BYTES,
)
def get_shown_document(request: Call, firm: UUID, purpose: facts.Purpose, file: UUID) -> HttpResponse:
    """Its bytes, where documents are granted for this purpose."""
    opened = open_shown_document(request.auth, firm=firm, purpose=purpose, file_id=file)
    response = HttpResponse(opened.content, content_type=BYTES)
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
