"""Pure decisions: what a basis says, which voucher pays for which offer, and an answer read back from its record."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from staveworks.cluster.barrel.types import DiagnosisCard, PlankState
from staveworks.cluster.prescription.types import Document, Service
from staveworks.cluster.programmes.types import Voucher
from staveworks.engine.prescription import TIE, Effect, Offer, Prescription, Problem, Reached, read_problem
from staveworks.kit.text import Text

type End = Literal["low", "likely", "high"]
END: tuple[End, ...] = ("low", "likely", "high")


def firm_document(card: DiagnosisCard, bearing: str, *, end: End = "likely") -> Document:
    """The barrel as it likely is, or at an end of what is known. A hole is there where it is sure, or where it holds that height down."""
    planks = [plank for plank in card.planks.values() if plank.needed and plank.target > 0]
    holes = {plank.code: hole for plank in planks if (hole := _hole(plank, end)) is not None}
    return {
        "planks": {plank.code: getattr(plank.own, end) for plank in planks},
        "profile": {plank.code: plank.target for plank in planks},
        "weights": {plank.code: plank.weight for plank in planks if plank.kind == "hoop"},
        "kinds": {plank.code: plank.kind for plank in planks},
        "holes": holes,
        "bearing": bearing,
    }


def _hole(plank: PlankState, end: End) -> float | None:
    height: float = getattr(plank.height, end)
    held_down = height < getattr(plank.wood, end) - TIE
    return height if held_down else plank.hole


def voucher_for(price_fen: int, programmes: Iterable[str], vouchers: Sequence[Voucher]) -> Voucher | None:
    """The voucher that pays most of the price alone; of equals the one that holds longer."""
    eligible = [voucher for voucher in vouchers if voucher.programme in programmes]
    return max(eligible, key=lambda each: each.rank(price_fen), default=None)


def offer_document(
    service: Service,
    *,
    price_fen: int,
    effects: Iterable[Effect],
    lead_time_days: int,
    voucher: Voucher | None,
) -> Document:
    said: Document = {
        "id": str(service.version_id),
        "name": _said(service.title),
        "provider": _said(service.provider),
        "city": service.city,
        "price_fen": price_fen,
        "effects": [{"plank": each.plank, each.kind: each.amount} for each in effects],
        "lead_time_days": lead_time_days,
    }
    if service.quantity is not None:
        said["quantity"] = str(service.quantity)
    if service.orders > 1:
        said["orders"] = service.orders
    if voucher is not None:
        paid = {
            "ratio": str(voucher.ratio.normalize()),
            "cap_fen": voucher.left_fen,
            "programme": str(voucher.id),
        }
        said["voucher"] = paid
    return said


def digest_of(document: Document, horizon_days: int | None) -> str:
    """The same for the same question."""
    text = json.dumps([document, horizon_days], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def problem_of(document: Document, *, budget_fen: int, objective: Any) -> Problem:
    """The problem that a basis poses. Ratios were written as text to stay exact."""
    offers = [_exact(offer) for offer in document["offers"]]
    return read_problem(document["firm"], offers, budget_fen=budget_fen, objective=objective, kinds={})


def _exact(offer: Document) -> Document:
    voucher = offer.get("voucher")
    return offer if voucher is None else {**offer, "voucher": {**voucher, "ratio": Decimal(voucher["ratio"])}}


def services_of(document: Document) -> dict[str, Service]:
    """Offer's id → the service as people know it."""
    return {
        offer["id"]: Service(
            UUID(offer["id"]),
            Text(**offer["name"]),
            Text(**offer["provider"]),
            offer["city"],
            Decimal(offer["quantity"]) if "quantity" in offer else None,
            offer.get("orders", 1),
        )
        for offer in document["offers"]
    }


def prices_of(document: Document) -> dict[str, int]:
    """Offer's id → what it was reckoned to cost."""
    return {offer["id"]: offer["price_fen"] for offer in document["offers"]}


def answer_of(problem: Problem, result: Mapping[str, Any]) -> Prescription:
    """An answer read back from its record."""
    reached = Reached(
        heights=dict(result["heights"]),
        bearing=result["bearing"],
        vector=tuple(result["vector"]),
        net_fen=result["net_fen"],
        lead_time_days=result["lead_time_days"],
    )
    return Prescription(
        chosen=tuple(problem.by_id[code] for code in result["chosen"]),
        reached=reached,
        status=result["status"],
        bound=result.get("bound", reached.water_level),
        net_bound_fen=result.get("net_bound_fen", reached.net_fen),
    )


def paid_by_vouchers(chosen: Iterable[Offer]) -> dict[str, int]:
    """What vouchers pay of each chosen offer; those that share a cap take from it one after the other."""
    paid: dict[str, int] = {}
    left: dict[str, int] = {}
    for offer in chosen:
        if offer.voucher is None:
            paid[offer.id] = 0
        elif offer.voucher.programme is None:
            paid[offer.id] = offer.price_fen - offer.net_fen
        else:
            cap = left.get(offer.voucher.programme, offer.voucher.cap_fen)
            paid[offer.id] = min(offer.share_fen, cap)
            left[offer.voucher.programme] = cap - paid[offer.id]
    return paid


def _said(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
