"""处方: what to buy within a budget, why, what proves it, and what more money would buy."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Out, Words
from staveworks.cluster.prescription.queries import (
    access_prescription,
    list_prescriptions,
    replay_prescription,
)
from staveworks.cluster.prescription.types import (
    MOST_BUDGET_FEN,
    MOST_DAYS,
    Objective,
    PrescriptionCard,
    PrescriptionView,
    Service,
)
from staveworks.cluster.prescription.usecases.accept_prescription import accept_prescription
from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.engine.prescription import Chosen, Unchosen
from staveworks.kit.text import Text

router = Resource("prescriptions")
READ, MAKE, ORDER = right("prescription.read"), right("prescription.make"), right("prescription.accept")


class PrescriptionIn(In):
    """``horizon_days``: services that take longer are left out; none: all are considered."""

    budget_fen: Annotated[int, Field(ge=0, le=MOST_BUDGET_FEN, strict=True)]
    objective: Objective = Objective.LEVEL
    horizon_days: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] | None = None


class PrescriptionRow(Out):
    id: UUID
    made_at: datetime
    objective: Objective
    budget_fen: int
    horizon_days: int | None
    status: Literal["optimal", "feasible"]
    water_before: float
    water_after: float
    net_fen: int
    services: int


class ServiceOut(Out):
    """``offer_version``: what would be ordered."""

    offer_version: UUID
    title: Words
    provider: Words
    city: str | None
    price_fen: int


class PlankLift(Out):
    plank: str
    without: float
    height: float


class ChosenOut(ServiceOut):
    """``voucher_fen`` of the price is paid by a voucher. ``lifts``: planks that stand lower without it; ``level_without``: and the
    water."""

    voucher_fen: int
    lead_time_days: int
    lifts: list[PlankLift]
    level_without: float


class UnchosenOut(ServiceOut):
    """``because``: the planks that hold the water down, or the offers in the way."""

    why: str
    because: list[str]
    lacking_fen: int


class BarrelLevels(Out):
    """Relative to the firm's targets."""

    water_level: float
    bearing: float
    heights: dict[str, float]


class PrescriptionOut(Out):
    """``status``: ``optimal`` is proved; of a ``feasible`` one the water might stand at ``bound``."""

    id: UUID
    made_at: datetime
    assessment: UUID
    objective: Objective
    budget_fen: int
    horizon_days: int | None
    offers: int
    status: Literal["optimal", "feasible"]
    bound: float
    price_fen: int
    net_fen: int
    lead_time_days: int
    before: BarrelLevels
    after: BarrelLevels
    chosen: list[ChosenOut]
    not_chosen: list[UnchosenOut]
    frontier_drawn: bool


class FrontierStep(Out):
    budget_fen: int
    water_level: float
    chosen: list[UUID]


class FrontierOut(Out):
    """``drawn``: it is whole; until then it grows. ``highest``: the level with everything bought."""

    drawn: bool
    highest: float
    steps: list[FrontierStep]


class ProofOut(Out):
    """Recomputed without the solver; ``faults`` is empty where the answer is what it says."""

    offers: int
    faults: list[str]


@router.effect(
    "POST",
    "",
    says=Text(zh="开处方", en="Make a prescription"),
    door=MAKE,
    answer=PrescriptionOut,
    status=201,
)
def make_one_prescription(request: Call, body: PrescriptionIn) -> PrescriptionOut:
    """For the firm's current barrel, the published offers at its price, and its vouchers. The same question gets the same
    prescription until one of these changes. Its frontier follows: `GET …/frontier`."""
    made = make_prescription(
        request.auth, budget_fen=body.budget_fen, objective=body.objective, horizon_days=body.horizon_days
    )
    return _whole(access_prescription(request.auth, prescription_id=made, right="prescription.make"))


@router.read("", says=Text(zh="列出处方", en="List prescriptions"), door=READ, answer=Page[PrescriptionRow])
def list_own_prescriptions(request: Call, paging: Query[Paging]) -> Page[PrescriptionRow]:
    """The newest first; at most the latest 500."""
    return page_of_all(
        list_prescriptions(request.auth),
        paging=paging,
        listing="prescriptions",
        key=lambda card: (card.made_at.isoformat(), str(card.id)),
        show=_row,
        newest_first=True,
    )


@router.read(
    "/{uuid:prescription}",
    says=Text(zh="看一张处方", en="Read a prescription"),
    door=READ,
    answer=PrescriptionOut,
)
def read_one_prescription(request: Call, prescription: UUID) -> PrescriptionOut:
    """With the reasons for what is chosen, and for what the budget could pay for and isn't."""
    return _whole(access_prescription(request.auth, prescription_id=prescription))


@router.read(
    "/{uuid:prescription}/frontier",
    says=Text(zh="水位随预算怎样上升", en="Read the level by budget"),
    door=READ,
    answer=FrontierOut,
)
def read_frontier(request: Call, prescription: UUID) -> FrontierOut:
    """Every net budget at which the best water level rises, whatever the prescription's own budget."""
    found = access_prescription(request.auth, prescription_id=prescription)
    steps = [
        FrontierStep(
            budget_fen=point.budget_fen,
            water_level=point.water_level,
            chosen=[UUID(offer.id) for offer in point.chosen],
        )
        for point in found.steps
    ]
    return FrontierOut(drawn=found.drawn, highest=found.highest, steps=steps)


@router.read(
    "/{uuid:prescription}/proof",
    says=Text(zh="重算一张处方", en="Recompute a prescription"),
    door=READ,
    answer=ProofOut,
)
def prove_prescription(request: Call, prescription: UUID) -> ProofOut:
    """From its record, without the solver."""
    proof = replay_prescription(request.auth, prescription_id=prescription)
    return ProofOut(offers=proof.offers, faults=list(proof.faults))


class LeftOut(Out):
    """``why``: it asks for more than its name, or can't be had any more."""

    offer_version: UUID
    title: Words
    why: Words


class AcceptedOut(Out):
    """``order``: the draft; none where nothing could be put in."""

    order: UUID | None
    added: int
    left_out: list[LeftOut]


@router.effect(
    "POST",
    "/{uuid:prescription}/order",
    says=Text(zh="把处方放进订单草稿", en="Put a prescription into the order draft"),
    door=ORDER,
    answer=AcceptedOut,
    takes=None,
)
def order_prescription(request: Call, prescription: UUID) -> AcceptedOut:
    """What stands in the draft already isn't put in twice."""
    done = accept_prescription(request.auth, prescription_id=prescription)
    left = [
        LeftOut(offer_version=service.version_id, title=Words.of(service.title), why=Words.of(why))
        for service, why in done.left
    ]
    return AcceptedOut(order=done.order_id, added=done.added, left_out=left)


def _row(card: PrescriptionCard) -> PrescriptionRow:
    return PrescriptionRow.model_validate(card)


def _whole(view: PrescriptionView) -> PrescriptionOut:
    answer = view.answer
    return PrescriptionOut(
        id=view.id,
        made_at=view.made_at,
        assessment=view.assessment_id,
        objective=view.objective,
        budget_fen=view.budget_fen,
        horizon_days=view.horizon_days,
        offers=len(view.problem.offers),
        status=answer.status,
        bound=answer.bound,
        price_fen=answer.price_fen,
        net_fen=answer.reached.net_fen,
        lead_time_days=answer.reached.lead_time_days,
        before=BarrelLevels.model_validate(view.before),
        after=BarrelLevels.model_validate(answer.reached),
        chosen=[_chosen(view, each) for each in view.chosen],
        not_chosen=[_unchosen(view, each) for each in view.unchosen],
        frontier_drawn=view.drawn,
    )


def _service(service: Service, price_fen: int) -> dict[str, Any]:
    return {
        "offer_version": service.version_id,
        "title": Words.of(service.title),
        "provider": Words.of(service.provider),
        "city": service.city,
        "price_fen": price_fen,
    }


def _chosen(view: PrescriptionView, each: Chosen) -> ChosenOut:
    lifts = [PlankLift(plank=code, without=low, height=high) for code, (low, high) in each.lifts.items()]
    return ChosenOut(
        **_service(view.services[each.offer.id], each.offer.price_fen),
        voucher_fen=view.paid_fen[each.offer.id],
        lead_time_days=each.offer.lead_time_days,
        lifts=lifts,
        level_without=each.level_without,
    )


def _unchosen(view: PrescriptionView, each: Unchosen) -> UnchosenOut:
    return UnchosenOut(
        **_service(view.services[each.offer.id], each.offer.price_fen),
        why=each.why,
        because=list(each.because),
        lacking_fen=each.lacking_fen,
    )
