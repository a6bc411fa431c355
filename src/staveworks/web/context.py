"""What every page's frame shows: the rail, the organisations to choose from, who is here and for whom she acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from staveworks.foundation.parties.queries import card, count_open_claims, list_choices
from staveworks.foundation.parties.types import Actor, Choice, Kind, NoOrganisation, OrganisationCard
from staveworks.foundation.rosters.duplicates import count_pairs
from staveworks.kit.text import Text
from staveworks.web.join.sample import sample_barrel
from staveworks.web.language import current, say
from staveworks.web.words import tell

Count = Callable[[Actor], int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the rail: shown to whoever has ``right`` in an organisation of one of ``kinds``."""

    label: Text
    url: str
    icon: str
    right: str
    kinds: frozenset[Kind] | None = None
    count: Count | None = None


RAIL: list[Entry] = [
    Entry(Text(zh="集群", en="Cluster"), "/cluster/", "map-2", "cluster.read"),
    Entry(Text(zh="企业", en="Firms"), "/cluster/firms/", "building-factory-2", "firm.read"),
    Entry(Text(zh="名册导入", en="Rosters"), "/rosters/", "file-import", "roster.read", count=count_pairs),
    Entry(Text(zh="认领", en="Claims"), "/claims/", "user-check", "claim.decide", count=count_open_claims),
    Entry(Text(zh="待核验", en="To attest"), "/diagnose/attest/", "clipboard-check", "assessment.attest"),
    Entry(Text(zh="我的木桶", en="My barrel"), "/barrel/", "barrel", "barrel.read"),
    Entry(Text(zh="诊断", en="Assessments"), "/diagnose/", "clipboard-list", "assessment.read"),
    Entry(Text(zh="成员", en="Members"), "/members/", "users", "people.read"),
    Entry(Text(zh="设置", en="Settings"), "/settings/", "settings", "organisation.read"),
    Entry(Text(zh="操作记录", en="Audit trail"), "/audit/", "history", "audit.read"),
]
"""In the order of the rail; an entry whose address doesn't exist (yet) is left out."""

NEWCOMERS = [
    Entry(Text(zh="开始", en="Start"), "/welcome/", "home", ""),
    Entry(Text(zh="认领企业", en="Claim a firm"), "/join/claim/", "user-check", ""),
    Entry(Text(zh="登记单位", en="Register"), "/join/firm/", "building", ""),
    Entry(Text(zh="我的账号", en="My account"), "/accounts/security/", "user-circle", ""),
]
"""For those who belong to no organisation yet."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The variables of ``base.html``."""
    person, actor = getattr(request, "person", None), getattr(request, "actor", None)
    if person is None or actor is None:
        return {"rail": [], "organisations": [], "person": None, "sample_barrel": sample_barrel()}
    choices = list_choices(person.id)
    active = _active(actor)
    entries = [entry for entry in RAIL if _applies(entry, actor)] or NEWCOMERS
    return {
        "rail": [_shown(entry, actor, request.path) for entry in entries],
        "organisations": [_option(choice) for choice in choices],
        "active_organisation": _line(active) if active else None,
        "acting_for": say(active.title) if active and actor.via_org_id else None,
        "acting_as": _acting_as(actor) if actor.via_org_id else None,
        "back_to": actor.via_org_id,
        "person": person,
        "actor": actor,
        "demo": bool(active and active.demo) or person.demo,
    }


def _applies(entry: Entry, actor: Actor) -> bool:
    if not actor.may(entry.right) or (entry.kinds is not None and not entry.kinds & actor.kinds):
        return False
    try:
        resolve(entry.url)
    except Resolver404:
        return False
    return True


def _shown(entry: Entry, actor: Actor, path: str) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": entry.url,
        "icon": entry.icon,
        "count": (entry.count(actor) or None) if entry.count else None,
        "current": entry.url == _current(path),
    }


def _current(path: str) -> str:
    """The longest entry that the address lies under, so that /cluster/firms/ doesn't light up /cluster/ too."""
    under = [entry.url for entry in (*RAIL, *NEWCOMERS) if path.startswith(entry.url)]
    return max(under, key=len, default="")


def _active(actor: Actor) -> OrganisationCard | None:
    try:
        return card(actor)
    except NoOrganisation:
        return None


def _option(choice: Choice) -> dict[str, Any]:
    line = _line(choice.card)
    if choice.via_org_id or choice.mandated:
        line["subtitle"] = f"{tell('代办', 'By mandate')} · {line['subtitle']}"
    return line


def _line(organisation: OrganisationCard) -> dict[str, Any]:
    comma = "、" if current() == "zh" else ", "
    kinds = comma.join(kind.text.in_language(current()) for kind in organisation.kinds)
    city = f" · {organisation.city_name.in_language(current())}" if organisation.city_name else ""
    return {"id": organisation.id, "name": say(organisation.title), "subtitle": kinds + city}


def _acting_as(actor: Actor) -> Text:
    if actor.mandate_id:
        return Text(zh="代办", en="by mandate")
    return Text(zh="代管未认领企业", en="as steward of an unclaimed firm")
