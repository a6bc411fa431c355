"""How a person wants to be reached: channels by topic, quiet hours, digest, language; her addresses that aren't written to."""

from datetime import time
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.inbox import list_own_suppressions
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.domain import QUIET_FROM, QUIET_TO
from staveworks.foundation.notices.preferences import Preferences, preferences_of
from staveworks.foundation.notices.suppressions import REASONS
from staveworks.foundation.notices.usecases.lift_suppression import lift_own_suppression
from staveworks.foundation.notices.usecases.save_preferences import save_preferences
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Language, Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door_person
from staveworks.web.messages.forms_preferences import CITYS, HoursForm
from staveworks.web.middleware import status_of
from staveworks.web.words import error_words, put_error, tell

EMAIL = {
    "now": Text(zh="马上", en="at once"),
    "digest": Text(zh="每天汇总", en="in the digest"),
    "off": Text(zh="不发", en="no"),
}
SMS = {
    "now": Text(zh="马上", en="at once"),
    "fallback": Text(zh="没有邮箱时才发", en="only without e-mail"),
    "off": Text(zh="不发", en="no"),
}


@door_person
def preferences(request: HttpRequest) -> HttpResponse:
    """One page, one button."""
    actor = actor_of(request)
    held = preferences_of(actor.person)
    form, status, problem = HoursForm(request.POST or None, initial=_initial(held)), 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(request, form)
            except StaveworksError as error:
                status = status_of(error)
                if error.field in form.fields:
                    put_error(form, error)
                else:
                    problem = error_words(error)
            else:
                messages.success(request, tell("已保存。", "Saved."))
                return redirect("preferences")
    context = {
        "form": form,
        "held": held,
        "rows": _rows(request, held),
        "problem": problem,
        "closed": [(one, REASONS[one.reason]) for one in list_own_suppressions(actor)],
    }
    return render(request, "messages/preferences.html", context, status=status)


def _initial(held: Preferences) -> dict[str, object]:
    quiet = held.quiet_from != held.quiet_to
    return {
        "language": held.language,
        "zone": held.zone or CITYS,
        "quiet": quiet,
        "quiet_from": held.quiet_from if quiet else QUIET_FROM,
        "quiet_to": held.quiet_to if quiet else QUIET_TO,
        "digest_at": held.digest_at,
    }


def _rows(request: HttpRequest, held: Preferences) -> list[dict[str, Any]]:
    """For each topic its two choices; a locked one can't be turned off."""
    rows = []
    for one in held.topics:
        email = request.POST.get(f"email_{one.topic.code}", one.email)
        sms = request.POST.get(f"sms_{one.topic.code}", one.sms)
        emails = {key: text for key, text in EMAIL.items() if not (one.topic.locked and key == "off")}
        rows.append(
            {"topic": one.topic, "email": email, "sms": sms, "emails": emails.items(), "texts": SMS.items()}
        )
    return rows


def _save(request: HttpRequest, form: HoursForm) -> None:
    given = form.cleaned_data
    quiet_from, quiet_to = given["quiet_from"], given["quiet_to"]
    if not given["quiet"]:
        quiet_from = quiet_to = time(0)
    save_preferences(
        actor_of(request),
        language=cast("Language", given["language"]),
        zone=given["zone"],
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        digest_at=given["digest_at"],
        choices={
            code: {
                name: request.POST[f"{name}_{code}"]
                for name in ("email", "sms")
                if f"{name}_{code}" in request.POST
            }
            for code in catalogue().topics
        },
    )


@door_person
@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    """Her own address works again."""
    lift_own_suppression(
        actor_of(request), digest=request.POST.get("digest", ""), topic=request.POST.get("topic", "")
    )
    messages.success(request, tell("这个地址恢复收信。", "This address gets messages again."))
    return redirect("preferences")
