"""The rules of the cluster: everybody reads them; the operator adopts a new version, after seeing what it changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from staveworks.foundation.rules.queries import list_rules, list_versions, rule_in_force
from staveworks.foundation.rules.types import Entry, RuleKind, RuleVersion
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule, preview_rule
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door, door_person
from staveworks.web.govern.rule_forms import RuleForm
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell

NOTHING = Text(zh="都不选", en="none")


@door_person
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with what it says now, and what is to come."""
    rows = [(kind, version, _shown(kind, version), coming) for kind, version, coming in list_rules()]
    return render(request, "govern/rules.html", {"rows": rows, "may": _may(request)})


@door_person
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule: its text and value now, and every version it had."""
    kind, versions = list_versions(rule)
    held = rule_in_force(rule)
    now = timezone.now()
    history = [(version, _shown(kind, version), _standing(version, now)) for version in versions]
    shown = {
        "kind": kind,
        "held": held,
        "value": _shown(kind, held),
        "history": history,
        "may": _may(request),
    }
    return render(request, "govern/rule.html", shown)


@door("rule.adopt")
def adopt(request: HttpRequest, rule: str) -> HttpResponse:
    """First what it would change, then the act."""
    kind, versions = list_versions(rule)
    held, changes, status = rule_in_force(rule), None, 200
    form = RuleForm(kind, held, request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked: dict[str, Any] = form.asked()
            try:
                if "adopt" in request.POST:
                    made = adopt_rule(actor_of(request), code=rule, **asked)
                    messages.success(
                        request, tell("已通过第 {v} 版。", "Version {v} is adopted.", v=made.number)
                    )
                    return redirect("rule", rule)
                changes, status = preview_rule(actor_of(request), code=rule, **asked), 200
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
    shown = {
        "kind": kind,
        "held": held,
        "coming": next(
            (v for v in versions if v.since and v.since > timezone.now() and not v.superseded), None
        ),
        "form": form,
        "previewed": changes is not None,
        "changes": [(c.entry, _said(c.entry, c.before), _said(c.entry, c.after)) for c in changes or ()],
    }
    return render(request, "govern/rule_adopt.html", shown, status=status)


def _may(request: HttpRequest) -> bool:
    return actor_of(request).may("rule.adopt")


def _standing(version: RuleVersion, now: Any) -> str:
    if version.superseded:
        return "replaced"
    if version.since and version.since > now:
        return "coming"
    return "over" if version.until and version.until <= now else "held"


def _shown(kind: RuleKind, version: RuleVersion) -> list[tuple[Entry, Text]]:
    return [(entry, _said(entry, version.value.get(entry.code))) for entry in kind.entries]


def _said(entry: Entry, value: Any) -> Text:
    """One entry's value for people: with its unit, choices by name."""
    if entry.choices is not None:
        chosen = [entry.choices[code] for code in value or () if code in entry.choices]
        if not chosen:
            return NOTHING
        return Text(zh="、".join(each.zh for each in chosen), en=", ".join(each.en for each in chosen))
    if value is None:
        return Text(zh="–", en="–")
    if entry.unit is None:
        return Text(zh=str(value), en=str(value))
    figure = f"{value:,}" if isinstance(value, int) else str(value)
    return Text(zh=f"{figure} {entry.unit.zh}", en=f"{figure} {entry.unit.en}")
