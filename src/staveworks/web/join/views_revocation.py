"""A claim that was granted wrongly: what revoking it does, the act, and its undoing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.queries import ClaimRecord, access_claim
from staveworks.foundation.parties.queries.revocations import (
    RevocationView,
    access_revocation,
    preview_revocation,
)
from staveworks.foundation.parties.types import Actor, ClaimReasonMissing
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.words import error_words, tell

COLUMNS = {
    "name": Text(zh="名称", en="name"),
    "name_en": Text(zh="英文名称", en="English name"),
    "former_names": Text(zh="曾用名", en="former names"),
    "kinds": Text(zh="类别", en="kind"),
    "uscc": Text(zh="统一社会信用代码", en="USCC"),
    "country": Text(zh="国家", en="country"),
    "city_id": Text(zh="城市", en="city"),
    "business_type": Text(zh="业态", en="trade"),
    "contact": Text(zh="联系人", en="contact"),
    "phones": Text(zh="电话", en="phone"),
    "email": Text(zh="邮箱", en="e-mail"),
    "address": Text(zh="地址", en="address"),
    "website": Text(zh="网址", en="website"),
    "products": Text(zh="产品", en="products"),
    "staff": Text(zh="人数", en="staff"),
    "note": Text(zh="备注", en="note"),
}


def about_revoking(actor: Actor, claim: ClaimRecord) -> dict[str, Any]:
    """What the claim's page shows below: before the act what it would do, after it what it did."""
    if claim.state == "granted":
        view = preview_revocation(actor, claim_id=claim.id)
    elif claim.state == "revoked":
        view = access_revocation(actor, claim_id=claim.id)
    else:
        return {}
    return {
        "revocation": view,
        "given": [text.format(n=n) for n, text in _given(view) if n],
        "columns": [COLUMNS[column] for column in view.fields],
        "replaced": [(COLUMNS[column], _said(left), _said(back)) for column, left, back in view.replaced],
    }


def _given(view: RevocationView) -> list[tuple[int, Text]]:
    return [
        (view.mandates, Text(zh="{n} 项委托", en="{n} mandate|{n} mandates")),
        (view.tokens, Text(zh="{n} 个令牌", en="{n} token|{n} tokens")),
        (view.invitations, Text(zh="{n} 份邀请", en="{n} invitation|{n} invitations")),
        (view.agreements, Text(zh="入会约定", en="the membership agreement")),
    ]


def _said(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


@door("claim.decide")
@require_POST
def revoke(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Back under the steward, at once; the toast undoes it."""
    actor = actor_of(request)
    try:
        revoke_claim(actor, claim_id=claim_id, reason=request.POST.get("reason", ""))
    except ClaimReasonMissing as error:
        claim = access_claim(actor, claim_id)
        context = {"claim": claim, "reason_error": error_words(error), **about_revoking(actor, claim)}
        return render(request, "join/decide.html", context, status=422)
    said = tell("认领已收回，企业回到您这里代管。", "The claim is revoked; the firm is back under you.")
    messages.success(request, said, extra_tags=f"undo:{reverse('restore_claim', args=[claim_id])}")
    return redirect("decide_claim", claim_id)


@door("claim.decide")
@require_POST
def restore(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The claim holds again, with all that the revocation ended."""
    try:
        undo_revocation(actor_of(request), claim_id=claim_id)
    except Refused as error:
        messages.error(request, error_words(error))
    else:
        messages.success(
            request, tell("已恢复，企业仍归原认领人。", "Restored: the firm is the claimant's again.")
        )
    return redirect("decide_claim", claim_id)
