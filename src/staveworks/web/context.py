"""What every page's frame shows: the rail, the organisations to choose from, who is here and for whom she acts."""

from typing import Any

from django.http import HttpRequest

from staveworks.db.transaction import query
from staveworks.foundation.notices.inbox import count_unread
from staveworks.foundation.parties.types import Actor, Choice, NoOrganisation, OrganisationCard
from staveworks.kit.reference import reference_now
from staveworks.kit.text import Text
from staveworks.web.asking import organisation_of
from staveworks.web.join.sample import sample_barrel
from staveworks.web.language import current, say
from staveworks.web.rail import Entry, bar_for, entries_for, lit
from staveworks.web.words import tell


def frame(request: HttpRequest) -> dict[str, Any]:
    """The variables of ``base.html``."""
    person, actor = getattr(request, "person", None), getattr(request, "actor", None)
    reference = reference_now()
    if person is None or actor is None:
        return {
            "rail": [],
            "organisations": [],
            "person": None,
            "sample_barrel": sample_barrel(),
            "reference": reference,
        }
    choices: list[Choice] = getattr(request, "choices", [])
    active = _active(request)
    rail, bar = entries_for(actor), bar_for(actor)
    counting = not getattr(request, "refused", False)
    counts, unread = _counted(actor, rail) if counting else ({}, 0)
    return {
        "rail": [_shown(entry, counts, lit(request.path, rail)) for entry in rail],
        "bar": [_shown(entry, counts, lit(request.path, bar)) for entry in bar],
        "organisations": [_option(choice) for choice in choices],
        "active_organisation": _line(active) if active else None,
        "acting_for": say(active.title) if active and actor.via_org_id else None,
        "acting_as": _acting_as(actor) if actor.via_org_id else None,
        "back_to": actor.via_org_id,
        "person": person,
        "unread": unread,
        "actor": actor,
        "reference": reference,
        "demo": bool(active and active.demo) or person.demo,
    }


@query
def _counted(actor: Actor, rail: list[Entry]) -> tuple[dict[str, int], int]:
    """What waits under each entry, and unread messages, in one transaction."""
    return {entry.url: entry.count(actor) for entry in rail if entry.count}, count_unread(actor)


def _shown(entry: Entry, counts: dict[str, int], current: Entry | None) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": entry.url,
        "icon": entry.icon,
        "count": counts.get(entry.url) or None,
        "current": entry is current,
    }


def _active(request: HttpRequest) -> OrganisationCard | None:
    try:
        return organisation_of(request)
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
