"""What each firm would get of a plan, and what one would be told: before it is published, for the planner."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.domain.sharing import reasons_of, work_of
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.sentences import reason_said
from staveworks.web.allocate.tried import Tried, forms_of
from staveworks.web.allocate.views_plan import open_plan
from staveworks.web.allocate.work_rows import work_said
from staveworks.web.asking import actor_of
from staveworks.web.doors import door


@door("dispatch.read")
@require_safe
def firm(request: HttpRequest, run: UUID) -> HttpResponse:
    """What one firm would be told: its work, and why it got it or didn't."""
    return page_of_firm(request, run, request.GET.get("firm", ""))


def page_of_firm(request: HttpRequest, run: UUID, wanted: str, *, tried: Tried | None = None) -> HttpResponse:
    """``tried``: a what-if that was refused."""
    actor = actor_of(request)
    card, opened, names = open_plan(actor, run)
    firms = list(opened.problem.firms)
    if wanted not in firms:
        rows = _firms(opened, names)
        return render(request, "allocate/firms.html", {"run": card, "firms": rows})
    at = firms.index(wanted)
    work = work_of(opened, at)
    shown = {
        "run": card,
        "firm": names.of("firms", wanted),
        "firm_id": wanted,
        "weeks_of_work": work_said(work, names),
        "lots": len(work),
        "pay": round(100 * sum(row["pay"] for row in work)),
        "hours": sum(row["hours"] for row in work),
        "reasons": [
            {
                **row,
                "said": reason_said(row),
                "operation_name": names.of("operations", row["operation"]),
                "centre": names.of("centres", row["work_centre"]),
            }
            for row in reasons_of(opened, at)
        ],
        "asks": forms_of({}, tried),
        "weeks": [(bucket, names.when(bucket)) for bucket in range(card.buckets)],
        "may_ask": actor.may("dispatch.run") and not card.withdrawn_at,
    }
    return render(request, "allocate/firm.html", shown, status=tried.status if tried else 200)


def _firms(plan: Plan, names: Names) -> list[dict[str, Any]]:
    """Every firm with its hours, those with most work first."""
    centres, count = plan.problem.work_centres, len(plan.problem.firms)
    declared, used, pay = [0.0] * count, [0.0] * count, [0.0] * count
    for firm, there, taken in zip(
        centres.firm.tolist(), centres.hours.sum(axis=1).tolist(), plan.used.sum(axis=1).tolist(), strict=True
    ):
        declared[firm] += there
        used[firm] += taken
    for firm, earned in zip(plan.firm.tolist(), plan.pay.tolist(), strict=True):
        pay[firm] += earned
    order = sorted(range(count), key=lambda firm: -used[firm])
    return [
        {
            "id": plan.problem.firms[firm],
            "name": names.of("firms", plan.problem.firms[firm]),
            "declared": declared[firm],
            "used": used[firm],
            "share": used[firm] / declared[firm] if declared[firm] else 0,
            "pay": round(100 * pay[firm]),
        }
        for firm in order
    ]
