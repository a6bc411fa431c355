"""What was planned for the firm, and why it got that and no more."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staveworks.kit.industries import load_industries
from staveworks.mechanisms.dispatch.run_queries import access_share, list_shares
from staveworks.mechanisms.dispatch.types.runs import ShareCard
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.sentences import ENDS, reason_said
from staveworks.web.allocate.work_rows import work_said
from staveworks.web.asking import actor_of
from staveworks.web.doors import door


@door("work.read")
@require_safe
def shares(request: HttpRequest) -> HttpResponse:
    """Every plan that the firm was told of, the newest first."""
    found = [
        (card, _total(card, "hours"), round(100 * _total(card, "pay")), card.ended_by and ENDS[card.ended_by])
        for card in list_shares(actor_of(request))
    ]
    return render(request, "allocate/shares.html", {"shares": found})


def _total(card: ShareCard, key: str) -> float:
    return float(sum(row[key] for row in card.work))


@door("work.read")
@require_safe
def share(request: HttpRequest, share: UUID) -> HttpResponse:
    """One plan: the firm's own part."""
    card = access_share(actor_of(request), share)
    names = _names(card)
    shown: dict[str, Any] = {
        "share": card,
        "weeks_of_work": work_said(card.work, names),
        "lots": len(card.work),
        "pay": round(100 * _total(card, "pay")),
        "hours": _total(card, "hours"),
        "reasons": [
            {
                **row,
                "said": reason_said(row),
                "operation_name": names.of("operations", row["operation"]),
                "centre": row["work_centre"],
            }
            for row in card.reasons
        ],
    }
    return render(request, "allocate/share.html", shown)


def _names(card: ShareCard) -> Names:
    known = load_industries()
    said: dict[str, dict[str, Any]] = {
        kind: {code: {"zh": each.name.zh, "en": each.name.en} for code, each in found.items()}
        for kind, found in (("operations", known.operations), ("families", known.families))
    }
    return Names(said, card.first_date)
