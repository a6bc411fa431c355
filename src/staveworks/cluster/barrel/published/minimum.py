"""How many firms there must be behind a figure, by the rule of the cluster."""

from datetime import datetime

from staveworks.foundation.rules.queries import rule_in_force
from staveworks.foundation.rules.types import RuleVersion

MINIMUM = "aggregates.minimum"


def minimum_in_force(at: datetime | None = None) -> RuleVersion:
    """The version of the rule that holds at ``at`` (default: now)."""
    return rule_in_force(MINIMUM, at)


def fewest_firms(at: datetime | None = None) -> int:
    """Its number."""
    number: int = minimum_in_force(at).value["firms"]
    return number
