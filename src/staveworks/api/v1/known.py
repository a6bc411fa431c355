"""What is known about a firm, with source, grade and date; and corrections."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Line, Nothing, Out, Words
from staveworks.cluster.barrel.firms import find_firm
from staveworks.foundation.facts.queries import (
    list_corrections,
    list_corrections_to_decide,
    list_known,
)
from staveworks.foundation.facts.types import CorrectionCard, Grade, Known, Source, Statement
from staveworks.foundation.facts.usecases.ask_correction import ask_correction, decide_correction
from staveworks.kit.text import Text

router = Resource("known")
corrections_router = Resource("known")
firms_router = Resource("known")
OWN, DECIDE = right("organisation.read"), right("correction.decide")
type FactValue = str | int | float | list[str] | list[int] | list[float] | None


class StatementOut(Out):
    """``stated_by`` null: the firm itself. ``source_name``: which list and row, which rubric."""

    id: UUID
    value: FactValue
    grade: Grade
    source: Source
    source_name: str
    stated_by: UUID | None
    stated_at: datetime
    valid_until: datetime | None


class KnownOut(Out):
    """``field``: of the profile (``phones``, ``staff`` …), ``water``, ``plank.CODE`` or ``answer.LEAF``."""

    field: str
    held: StatementOut
    differing: list[StatementOut]
    agreeing: list[StatementOut]


class CorrectionOut(Out):
    id: UUID
    firm: UUID
    firm_name: Words
    field: str
    stated: FactValue
    asked: str
    reason: str
    asked_at: datetime
    state: str
    answer: str
    decided_at: datetime | None


class AskCorrection(In):
    """``asked``: what the statement should say; empty: nothing."""

    statement: UUID
    asked: Line = ""
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class CorrectionAnswer(In):
    accept: bool
    answer: Line = ""


class Asked(Out):
    id: UUID


def _statement(each: Statement) -> StatementOut:
    return StatementOut(
        id=each.id,
        value=each.value,
        grade=each.grade,
        source=each.source,
        source_name=each.source_name,
        stated_by=each.stated_by,
        stated_at=each.stated_at,
        valid_until=each.valid_until,
    )


def _known(each: Known) -> KnownOut:
    return KnownOut(
        field=each.field,
        held=_statement(each.held),
        differing=[_statement(other) for other in each.differing],
        agreeing=[_statement(other) for other in each.agreeing],
    )


@router.read("", says=Text(zh="列出已知信息", en="List what is known"), door=OWN, answer=Page[KnownOut])
def list_own_known(request: Call, paging: Query[Paging]) -> Page[KnownOut]:
    """About the organisation itself: of each field what holds, what differs, what agrees."""
    return page_of_all(
        list_known(request.auth), paging=paging, listing="known", key=lambda each: (each.field,), show=_known
    )


@firms_router.read(
    "/{uuid:firm}/known",
    says=Text(zh="列出企业的已知信息", en="List what is known of a firm"),
    door=right("firm.read"),
    answer=Page[KnownOut],
)
def list_known_of_firm(request: Call, firm: UUID, paging: Query[Paging]) -> Page[KnownOut]:
    """Of an unclaimed firm as its steward, of a claimed one what it grants for running the cluster; that look is logged."""
    find_firm(request.auth, firm=firm)
    return page_of_all(
        list_known(request.auth, firm=firm),
        paging=paging,
        listing=f"known:{firm}",
        key=lambda each: (each.field,),
        show=_known,
    )


@corrections_router.read(
    "", says=Text(zh="列出更正申请", en="List corrections"), door=OWN, answer=Page[CorrectionOut]
)
def list_own_corrections(request: Call, paging: Query[Paging]) -> Page[CorrectionOut]:
    """Those that the organisation asked for."""
    return _corrections(list_corrections(request.auth), paging, "corrections")


@corrections_router.read(
    "/waiting",
    says=Text(zh="列出待答复的更正申请", en="List corrections to decide"),
    door=DECIDE,
    answer=Page[CorrectionOut],
)
def list_waiting_corrections(request: Call, paging: Query[Paging]) -> Page[CorrectionOut]:
    """Those that wait for the organisation's answer."""
    return _corrections(list_corrections_to_decide(request.auth), paging, "waiting corrections")


def _corrections(found: list[CorrectionCard], paging: Paging, listing: str) -> Page[CorrectionOut]:
    return page_of_all(
        found,
        paging=paging,
        listing=listing,
        key=lambda each: (each.asked_at.isoformat(), str(each.id)),
        show=_correction,
        newest_first=True,
    )


def _correction(each: CorrectionCard) -> CorrectionOut:
    return CorrectionOut(
        id=each.id,
        firm=each.firm,
        firm_name=Words.of(each.firm_name),
        field=each.field,
        stated=each.stated,
        asked=each.asked,
        reason=each.reason,
        asked_at=each.asked_at,
        state=each.state,
        answer=each.answer,
        decided_at=each.decided_at,
    )


@corrections_router.effect(
    "POST",
    "",
    says=Text(zh="申请更正", en="Ask for a correction"),
    door=right("organisation.edit"),
    answer=Asked,
    status=201,
)
def ask_one_correction(request: Call, body: AskCorrection) -> Asked:
    """Of a statement that another organisation made; it answers."""
    asked = ask_correction(request.auth, fact_id=body.statement, asked=body.asked, reason=body.reason)
    return Asked(id=asked)


@corrections_router.effect(
    "POST",
    "/{uuid:correction}/decision",
    says=Text(zh="答复更正申请", en="Decide a correction"),
    door=DECIDE,
    answer=Nothing,
)
def decide_one_correction(request: Call, correction: UUID, body: CorrectionAnswer) -> Nothing:
    """Accepted, the corrected value counts from now on; declining takes an answer."""
    decide_correction(request.auth, correction_id=correction, accept=body.accept, answer=body.answer)
    return Nothing()
