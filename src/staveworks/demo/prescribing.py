"""What a firm of the demo is advised to buy: vouchers of the operator, and a prescription that reckons with them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor

Named = Iterable[tuple[UUID, dict[str, Any]]]


def give_vouchers(service: Actor, named: Named) -> None:
    """``named``: organisations with their entries; those with ``vouchers`` get them."""
    until = timezone.localdate().replace(month=12, day=31)
    for _, entry in named:
        for programme, cap_fen in entry.get("vouchers", {}).items():
            grant_voucher(service, uscc=entry["uscc"], programme=programme, cap_fen=cap_fen, until=until)


def prescribe_to(named: Named) -> None:
    """Those with a ``budget_fen`` get a prescription, which reckons with what is left of their vouchers."""
    for org_id, entry in named:
        if "budget_fen" in entry:
            make_prescription(operator_service_for(org_id), budget_fen=entry["budget_fen"])
