"""All that a firm's people have and gave in its name, ended at once, and given back: for the revocation of a claim.

Inside ``acting`` for the firm. Each thing ends with the event that it ends with by itself, so that whatever follows such an
event (to-dos, links, grants) follows here too. What is returned names everything by id: exactly that can be restored.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import (
    Agreement,
    Invitation,
    Mandate,
    Membership,
    Person,
    Token,
)
from staveworks.foundation.parties.types import Actor, ClaimantGone, Role
from staveworks.kit.ids import new_id

GIVEN: Mapping[str, Any] = {"mandate": Mandate, "token": Token, "invitation": Invitation}
Ended = Mapping[str, Any]


def end_all(doer: Actor, now: datetime) -> dict[str, Any]:
    """Kind of thing → what of it ended: ids; person, role and date of each membership. ``doer`` acts for the firm."""
    ended: dict[str, Any] = {"members": _end_memberships(doer)}
    for kind, model in GIVEN.items():
        live = model.objects.filter(org_id=doer.org, withdrawn_at=None)
        if kind == "invitation":
            live = live.filter(accepted_at=None)
        ended[kind] = _end(doer, kind, model, live, now)
    agreements = Agreement.objects.filter(org_id=doer.org, withdrawn_at=None)
    ended["agreement"] = _end(doer, "agreement", Agreement, agreements, now)
    ended["held"] = _end_held(doer, now)
    return ended


def _end_memberships(doer: Actor) -> list[dict[str, str]]:
    members = Membership.objects.filter(org_id=doer.org).order_by("since", "id")
    ended = [
        {"person": str(each.person_id), "role": each.role, "since": each.since.isoformat()}
        for each in members
    ]
    members.delete()
    for person in dict.fromkeys(each["person"] for each in ended):
        append_event(doer, "member.removed", subject=UUID(person))
    return ended


def _end(doer: Actor, kind: str, model: Any, live: Any, now: datetime) -> list[str]:
    ids = sorted(str(id_) for id_ in live.values_list("id", flat=True))
    model.objects.filter(id__in=ids).update(withdrawn_at=now)
    for one in ids:
        append_event(doer, f"{kind}.withdrawn", subject=UUID(one))
    return ids


def _end_held(doer: Actor, now: datetime) -> dict[str, list[str]]:
    """Mandates that others gave to the firm, believing its people to be who they said: giver → ids."""
    held = Mandate.objects.filter(agent_org_id=doer.org, withdrawn_at=None).order_by("org_id", "id")
    by_giver: dict[str, list[str]] = {}
    for mandate, giver in held.values_list("id", "org_id"):
        by_giver.setdefault(str(giver), []).append(str(mandate))
    for org, ids in by_giver.items():
        with acting(org=UUID(org), person=doer.person_id):
            found = Mandate.objects.filter(id__in=ids)
            _end(Actor(doer.person_id, UUID(org), via_org_id=doer.via_org_id), "mandate", Mandate, found, now)
    return by_giver


def restore_all(doer: Actor, ended: Ended) -> None:
    """What ``end_all`` ended, as far as it can be again; people who are gone since stay gone. Raises ``ClaimantGone``."""
    _restore_memberships(doer, ended["members"])
    for kind, model in GIVEN.items():
        _restore(doer, kind, model, ended[kind])
    for agreement in Agreement.objects.filter(id__in=ended["agreement"]):
        _accept_again(doer, agreement)
    for org, ids in ended["held"].items():
        with acting(org=UUID(org), person=doer.person_id):
            _restore(Actor(doer.person_id, UUID(org), via_org_id=doer.via_org_id), "mandate", Mandate, ids)


def _restore_memberships(doer: Actor, wanted: list[dict[str, str]]) -> None:
    people = Person.objects.filter(id__in=[each["person"] for each in wanted], erased_at=None)
    there = {str(id_) for id_ in people.values_list("id", flat=True)}
    again = [each for each in wanted if each["person"] in there]
    if not any(each["role"] == Role.OWNER for each in again):
        raise ClaimantGone
    Membership.objects.bulk_create(
        [
            Membership(
                org_id=doer.org,
                person_id=UUID(each["person"]),
                role=each["role"],
                since=datetime.fromisoformat(each["since"]),
            )
            for each in again
        ]
    )
    for person in dict.fromkeys(each["person"] for each in again):
        append_event(doer, "member.restored", subject=UUID(person))


def _restore(doer: Actor, kind: str, model: Any, ids: list[str]) -> None:
    found = model.objects.filter(id__in=ids, org_id=doer.org)
    if model is Mandate:
        found = found.exclude(agent_person__erased_at__isnull=False)
    again = sorted(found.values_list("id", flat=True))
    found.update(withdrawn_at=None)
    for one in again:
        append_event(doer, f"{kind}.restored", subject=one)


def _accept_again(doer: Actor, ended: Agreement) -> None:
    """An acceptance of its own, with all that follows one: what it lets others see begins anew."""
    agreement = Agreement.objects.create(
        id=new_id(),
        org_id=doer.org,
        operator_id=ended.operator_id,
        edition=ended.edition,
        shows=ended.shows,
        accepted_by_id=ended.accepted_by_id,
        accepted_at=ended.accepted_at,
    )
    append_event(
        doer, "agreement.accepted", subject=agreement.id, edition=ended.edition, shows=list(ended.shows)
    )
