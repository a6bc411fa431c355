"""Who is on trial: derived from accepted jobs, the rule, and what the operator decided."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from staveworks.foundation.rules.queries import rule_in_force
from staveworks.foundation.rules.types import RuleVersion
from staveworks.mechanisms.dispatch.models import LimitLifted
from staveworks.mechanisms.dispatch.types.standing import Standing

TRIAL = "dispatch.trial"


def standings_at(now: datetime, firms: Iterable[UUID]) -> tuple[dict[UUID, Standing], RuleVersion]:
    """Of each firm, with the rule that decided. Decisions are few: all that are seen are read, whoever is asked for."""
    rule = rule_in_force("dispatch.trial", now)
    jobs, limit = rule.value["jobs"], rule.value["week_hours"]
    asked = list(firms)
    decisions = (
        LimitLifted.objects.filter(at__lte=now).order_by("at").values_list("org_id", "lifted", "reason")
    )
    decided = {firm: (lifted, reason) for firm, lifted, reason in decisions}
    accepted = accepted_jobs(asked)
    found = {}
    for firm in asked:
        lifted, reason = decided.get(firm, (False, ""))
        done = accepted.get(firm, 0)
        found[firm] = Standing(done < jobs and not lifted, limit, jobs, done, reason)
    return found, rule


def accepted_jobs(firms: Iterable[UUID]) -> dict[UUID, int]:
    """How many work packages of each were accepted. Work packages don't exist yet, so none."""
    return {}
