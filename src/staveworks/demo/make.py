"""Make the demo cluster: people, organisations, firms, a roster with duplicates, assessments. All through use cases."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import connection, transaction
from django.utils import timezone

from staveworks.cluster.barrel.editions import offered_rubrics
from staveworks.cluster.barrel.types import Kind as AssessmentKind
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.publish_figures import publish_figures
from staveworks.cluster.barrel.usecases.refresh_peers import refresh_peers
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.demo.answers import draw_answers
from staveworks.demo.capacity import declare_capacity, traded
from staveworks.demo.firms import DemoFirm, draw_firms
from staveworks.demo.joining import invite_firms
from staveworks.demo.lists import import_members, import_newcomers
from staveworks.demo.national import assess_nationally, assess_peers
from staveworks.demo.offers import publish_services, services
from staveworks.demo.people import add_people, add_person, who_answers
from staveworks.demo.prescribing import give_vouchers, prescribe_to
from staveworks.demo.remove import remove
from staveworks.demo.sharing import share
from staveworks.demo.trading import Market, trade
from staveworks.demo.waiting import leave_waiting
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.queries import operator_service, operator_service_for
from staveworks.foundation.parties.types import Actor, Kind
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.found_organisation import found_organisation
from staveworks.foundation.rules.queries import entry_in_force

SEED = 2026
RUBRIC = "staveworks-planks-2026"
WEAVING = "textile.weaving"
DIAGNOSED = 0.8
FULLY = 0.55
Say = Callable[[str], None]


def world() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "world.yaml").read_text("utf-8"))
    return content


def is_made() -> bool:
    """Whether the demo stands, complete."""
    service = operator_service()
    with acting(org=service.org_id, person=service.person_id):
        last = Event.objects.filter(type__in=["demo.made", "demo.removed"]).order_by("-at", "-id").first()
        return last is not None and last.type == "demo.made"


def make(say: Say = lambda line: None) -> None:
    """Everything, once; does nothing where the demo stands. What an interrupted run left behind goes first."""
    if is_made():
        return
    if Organisation.objects.filter(demo=True).exists():
        remove()
    with without_waiting_for_the_disk():
        _make(say)


def _make(say: Say) -> None:
    invented, chance = world(), random.Random(SEED)  # noqa: S311 - a demo, not a secret
    service = operator_service()
    name_operator(service, invented["operator"])
    add_people(service.org, invented["operator"]["people"])
    named = [_named_organisation(service, entry, chance) for entry in invented["organisations"]]
    for entry in services()["providers"]:
        if "kinds" in entry:
            _named_organisation(service, entry, chance)
    offers = publish_services()
    firms = draw_firms(invented, SEED)
    members = _members(service, firms)
    say(f"{len(members)} firms")
    past = {len(members) // 3: 2, 2 * len(members) // 3: 1}  # published then, by so many months ago
    for number, (firm_id, firm) in enumerate(members.items(), 1):
        if chance.random() < DIAGNOSED:
            _diagnose(firm_id, firm.standing, firm.short, firm.business_type, chance)
        if number % 50 == 0:
            say(f"{number} / {len(members)}")
        if number in past:
            publish_figures(service, period=_months_ago(past[number]))
    import_newcomers(service, firms, chance)
    claimed = invite_firms(service, members, chance)
    leave_waiting(members, named)
    share(service, named)
    assess_peers((each for each, firm in members.items() if firm.business_type == WEAVING), SEED)
    for rubric in offered_rubrics():
        refresh_peers(service, rubric=rubric)
    publish_figures(service)
    entries = list(zip(named, invented["organisations"], strict=True))
    give_vouchers(service, entries)
    trade(Market(offers, claimed))
    prescribe_to(entries)
    _declare(named, invented["organisations"], members)
    with acting(org=service.org_id, person=service.person_id):
        append_event(service, "demo.made", subject=service.org)


def _declare(named: list[UUID], entries: list[dict[str, Any]], members: dict[UUID, DemoFirm]) -> None:
    """All with machines have declared their capacity, the named ones first: by themselves, or by telephone to the operator."""
    told = {org: entry.get("business_type", "") for org, entry in zip(named, entries, strict=True)}
    told |= {firm: drawn.business_type for firm, drawn in members.items()}
    declare_capacity(traded(told.items()), SEED, keen=named)


def _months_ago(months: int) -> str:
    """A period, so that the demo's figures have a past."""
    month = timezone.localdate().replace(day=1)
    for _ in range(months):
        month = (month - timedelta(days=1)).replace(day=1)
    return f"{month:%Y-%m}"


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """Two thousand small transactions that can be made again: a crash may lose the last of them, never half of one."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def name_operator(service: Actor, entry: dict[str, Any]) -> None:
    """The operator is real and stays when the demo goes: only its name is lent, and only if nobody gave it one."""
    with acting(org=service.org_id, person=service.person_id):
        Organisation.objects.filter(id=service.org, name_en="").update(
            name=entry["name"], name_en=entry["name_en"], city_id=entry["city"]
        )


def _named_organisation(service: Actor, entry: dict[str, Any], chance: random.Random) -> UUID:
    kinds = [Kind(kind) for kind in entry["kinds"]]
    plain = [kind for kind in kinds if kind is not Kind.CITY] or [Kind.PROVIDER]
    with transaction.atomic():
        owner = Actor(add_person(entry["people"][0]), None)
        a_day = entry_in_force("registration", "organisations_a_day")
        org_id = found_organisation(
            owner,
            name=entry["name"],
            kinds=plain,
            city=entry["city"],
            a_day=a_day,
            uscc=entry.get("uscc", ""),
        )
        _mark(org_id, entry, kinds, steward=service.org)
        add_people(org_id, entry["people"])
    actor = operator_service_for(org_id)
    if entry.get("business_type"):
        accept_agreement(actor, shows=["barrel", "profile"])
        short = {city["code"]: city["short"] for city in world()["cities"]}[entry["city"]]
        short = {plank: 43.0 - height for plank, height in entry.get("heights", {}).items()} or short
        if "heights" in entry:
            earlier = {plank: depth + chance.uniform(2, 12) for plank, depth in short.items()}
            _diagnose(org_id, 43.0, earlier, entry["business_type"], chance, share=0.8)
        _diagnose(org_id, 43.0, short, entry["business_type"], chance, share=0.92)
        if "national" in entry:
            assess_nationally(org_id, entry["national"], SEED)
    return org_id


def _mark(org_id: UUID, entry: dict[str, Any], kinds: list[Kind], *, steward: UUID) -> None:
    """What no use case writes: the mark of the demo, the English name, and the kind of a city's desk."""
    with acting(org=org_id):
        Organisation.objects.filter(id=org_id).update(
            demo=True, name_en=entry["name_en"], kinds=kinds, steward_id=steward
        )
        Profile.objects.filter(org_id=org_id).update(
            business_type=entry.get("business_type", ""),
            staff=entry["staff"],
            address=entry["address"],
            products=entry.get("products", ""),
            contact=entry["people"][0]["name"],
        )


def _members(service: Actor, firms: list[DemoFirm]) -> dict[UUID, DemoFirm]:
    members = import_members(service, firms)
    with acting(org=service.org_id):
        for firm_id, firm in members.items():
            Organisation.objects.filter(id=firm_id).update(name_en=firm.name_en)
            Profile.objects.filter(org_id=firm_id).update(business_type=firm.business_type)
    return members


def _diagnose(
    firm: UUID,
    standing: float,
    short: dict[str, float],
    business_type: str,
    chance: random.Random,
    *,
    share: float | None = None,
) -> None:
    actor = who_answers(firm)
    share = share if share is not None else (0.95 if chance.random() < FULLY else chance.uniform(0.25, 0.7))
    level = {plank: standing - depth for plank, depth in short.items()}
    answers = draw_answers(RUBRIC, lambda plank: level.get(plank, standing), chance, share=share)
    assessment = start_assessment(actor, kind=AssessmentKind.FULL, rubric=RUBRIC, profile=business_type)
    save_answers(actor, assessment_id=assessment, answers=answers)
    if share > 0.5:
        finish_assessment(actor, assessment_id=assessment)
