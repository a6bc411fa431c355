"""What institutions say they are, and what the platform's operator has confirmed."""

from datetime import datetime
from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Nothing, Out, Words
from staveworks.foundation.facts.queries import StatedKind, list_stated_kinds
from staveworks.foundation.facts.usecases.confirm_kind import confirm_kind, unconfirm_kind
from staveworks.foundation.parties.types import Kind
from staveworks.kit.text import Text

router = Resource("grants")
CONFIRM = right("kind.confirm")


class InstitutionOut(Out):
    """``confirmed_at`` null: nobody has checked, or it has moved to another city since."""

    organisation: UUID
    name: Words
    uscc: str | None
    city: Words | None
    kind: Kind
    stated_at: datetime
    confirmed_at: datetime | None


@router.read("", says=Text(zh="列出机构", en="List institutions"), door=CONFIRM, answer=Page[InstitutionOut])
def list_institutions(request: Call, paging: Query[Paging]) -> Page[InstitutionOut]:
    """Banks, governments, associations and city operators, with what is confirmed of them."""
    return page_of_all(
        list_stated_kinds(request.auth),
        paging=paging,
        listing="institutions",
        key=lambda row: (row.name.zh, str(row.org_id), row.kind),
        show=_show,
    )


def _show(row: StatedKind) -> InstitutionOut:
    return InstitutionOut(
        organisation=row.org_id,
        name=Words.of(row.name),
        uscc=row.uscc,
        city=Words.maybe(row.city),
        kind=row.kind,
        stated_at=row.stated_at,
        confirmed_at=row.confirmed_at,
    )


@router.effect(
    "PUT",
    "/{uuid:org}/{kind}",
    says=Text(zh="确认机构类别", en="Confirm what an institution is"),
    door=CONFIRM,
    answer=Nothing,
    takes=None,
)
def confirm_one_kind(request: Call, org: UUID, kind: Kind) -> Nothing:
    """Grants to the kind reach it from now on, at the city it has now."""
    confirm_kind(request.auth, org_id=org, kind=kind)
    return Nothing()


@router.effect(
    "DELETE",
    "/{uuid:org}/{kind}",
    says=Text(zh="撤销机构确认", en="Take a confirmation back"),
    door=CONFIRM,
    answer=Nothing,
    takes=None,
)
def unconfirm_one_kind(request: Call, org: UUID, kind: Kind) -> Nothing:
    """Grants to the kind reach it no more."""
    unconfirm_kind(request.auth, org_id=org, kind=kind)
    return Nothing()
