"""What the cluster's rule says about requests and milestones."""

from dataclasses import dataclass
from datetime import timedelta

from staveworks.foundation.rules.queries import rule_in_force

RULE = "projects.terms"


@dataclass(frozen=True, slots=True)
class Terms:
    """``shortest_hours``: how long a request takes proposals at least."""

    shortest_hours: int
    opening: timedelta
    acceptance: timedelta


def terms_in_force() -> Terms:
    value = rule_in_force(RULE).value
    return Terms(
        value["shortest_hours"],
        timedelta(hours=value["opening_hours"]),
        timedelta(days=value["acceptance_days"]),
    )
