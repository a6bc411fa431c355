"""The target profile: what kind of business it is, and where it needs more or less of a plank."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staveworks.cluster.barrel.queries import AssessmentView, access_assessment
from staveworks.cluster.barrel.usecases.choose_profile import choose_profile
from staveworks.engine.barrel import EVEN, Profile, TargetRefused, load_profiles
from staveworks.kit.errors import Invalid
from staveworks.kit.planks import Plank
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.doors import door

NUMBER = Text(zh="请填 0 到 100 的数字。", en="Enter a number from 0 to 100.")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """``shown`` is what stands in the field: the firm's own target, else the profile's."""

    plank: Plank
    given: float
    shown: str
    error: Text | None = None


@door("assessment.answer")
def profile(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Choosing another type shows its targets; saving keeps those that differ, with the reason."""
    actor = actor_of(request)
    view = access_assessment(actor, assessment_id=assessment, right="assessment.answer")
    profiles = load_profiles()
    wanted = request.POST.get("profile") or request.GET.get("profile") or view.card.profile or EVEN.code
    chosen = profiles.get(wanted, EVEN)
    if request.method == "POST":
        return _save(request, view, chosen)
    own = dict(view.card.adjustments) if chosen.code == view.card.profile else {}
    return _page(
        request,
        view,
        chosen,
        {plank: f"{target:g}" for plank, target in own.items()},
        view.card.adjustment_reason,
    )


def _save(request: HttpRequest, view: AssessmentView, chosen: Profile) -> HttpResponse:
    sent = {plank: request.POST.get(f"target-{plank}", "").strip() for plank in view.rubric.planks}
    reason = request.POST.get("reason", "")
    try:
        adjustments = {
            plank: target
            for plank, text in sent.items()
            if (target := _target(plank, text, chosen)) is not None
        }
        choose_profile(
            actor_of(request),
            assessment_id=view.card.id,
            profile=chosen.code,
            adjustments=adjustments,
            reason=reason,
        )
    except Invalid as refused:
        return _page(request, view, chosen, sent, reason, refused)
    return redirect("assessment", view.card.id)


def _target(plank: str, text: str, chosen: Profile) -> float | None:
    """The firm's own target where it differs from the profile's."""
    if not text:
        return None
    try:
        target = float(text)
    except ValueError:
        raise TargetRefused(NUMBER, field=plank) from None
    return None if target == chosen.target(plank) else target


def _page(
    request: HttpRequest,
    view: AssessmentView,
    chosen: Profile,
    sent: dict[str, str],
    reason: str,
    refused: Invalid | None = None,
) -> HttpResponse:
    register = register_in_force()
    field = refused.field if refused else None
    rows = [
        TargetRow(
            register[plank],
            chosen.target(plank),
            sent.get(plank) or f"{chosen.target(plank):g}",
            refused.text if refused and field == plank else None,
        )
        for plank in view.rubric.planks
        if plank in register
    ]
    context = {
        "view": view,
        "profiles": load_profiles().values(),
        "chosen": chosen,
        "rows": rows,
        "reason": reason,
        "reason_error": refused.text if refused and field == "reason" else None,
        "register": register,
        "locked": not view.card.under_way,
    }
    return render(request, "diagnose/profile.html", context, status=422 if refused else 200)
