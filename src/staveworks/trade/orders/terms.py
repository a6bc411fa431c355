"""What the cluster's rule and the firm itself say about ordering."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from staveworks.foundation.parties.models import Membership
from staveworks.foundation.parties.rights import RIGHTS
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.trade.orders.models import Limit
from staveworks.trade.orders.types import Limits

RULE = "orders.terms"
FEN = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each step may take."""

    hold: timedelta
    approval: timedelta
    answer: timedelta
    dispute_answer: timedelta
    dispute_decision: timedelta


def terms_in_force() -> Terms:
    value = rule_in_force(RULE).value
    return Terms(
        hold=timedelta(minutes=value["hold_minutes"]),
        approval=timedelta(hours=value["approval_hours"]),
        answer=timedelta(hours=value["answer_hours"]),
        dispute_answer=timedelta(days=value["dispute_answer_days"]),
        dispute_decision=timedelta(days=value["dispute_decision_days"]),
    )


def limits_of(actor: Actor) -> Limits:
    """Of the actor's organisation; inside her transaction."""
    version = rule_in_force(RULE)
    value: dict[str, Any] = version.value
    own = Limit.objects.filter(org_id=actor.org).values_list("limit_fen", flat=True).first()
    return Limits(
        limit_fen=value["limit_yuan"] * FEN if own is None else own,
        own_fen=value["own_yuan"] * FEN,
        set_here=own is not None,
        rule=version.label,
    )


def others_may_approve(actor: Actor) -> bool:
    """Whether somebody else in the actor's organisation has the right to approve."""
    able = Membership.objects.filter(org_id=actor.org, role__in=RIGHTS["order.approve"].roles)
    return able.exclude(person_id=actor.person).exists()
