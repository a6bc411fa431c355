"""Membership agreements of an earlier edition than the rule in force names: the firm's owner accepts the new one, or not."""

from uuid import UUID

from staveworks.foundation.parties.queries.waiting import agreements_to_renew
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.waiting import Waiting

RULE = "agreement.defaults"


def agreements_of_an_earlier_edition(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """What the rule says now, held against what was accepted."""
    rule = rule_in_force(RULE)
    return agreements_to_renew(edition=rule.value["edition"], since=rule.since, org=org, subject=subject)
