"""Statements about firms follow events: each looks at how the source stands now and makes what is kept of it agree.

Called ``reaction(actor, subject=…)``; ``actor`` is the service for the event's organisation. May run again: it adds nothing then.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.queries import AssessmentView, access_assessment
from staveworks.cluster.barrel.types import AssessmentNotFound
from staveworks.foundation.facts.domain import ANSWER, PLANK, PROFILE, WATER
from staveworks.foundation.facts.types import Grade, Source, Stated, Value
from staveworks.foundation.facts.usecases.restate_source import restate_source
from staveworks.foundation.facts.usecases.state_facts import state_facts
from staveworks.foundation.parties.queries import access_profile, card
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.entries import (
    EntryOfFirm,
    entries_of_firm,
    entries_of_roster,
    firms_of_pair,
)
from staveworks.kit.intervals import Interval

NO_ROW = UUID(int=0)
"""The profile has no rows: one record a firm."""


def from_profile(actor: Actor, /, *, subject: UUID) -> int:
    """What the organisation's own data say; of an unclaimed firm its steward says it."""
    organisation, profile = card(actor), access_profile(actor)
    values: dict[str, Any] = {
        "name": organisation.name,
        "uscc": organisation.uscc,
        "city": organisation.city_code,
        "business_type": profile.business_type,
        "contact": profile.contact,
        "phones": list(profile.phones),
        "email": profile.email,
        "address": profile.address,
        "website": profile.website,
        "products": profile.products,
        "staff": profile.staff,
    }
    by = None if organisation.claimed_at else organisation.steward_id
    stated = [
        Stated(actor.org, field, values[field], Source.PROFILE, NO_ROW, timezone.now(), stated_by=by)
        for field in PROFILE
        if values[field] not in (None, "", [])
    ]
    return restate_source(actor, firm=actor.org, source=Source.PROFILE, stated=stated, stated_by=by)


def from_roster(actor: Actor, /, *, subject: UUID) -> int:
    """What a list says of the firms in which its rows stand, in the operator's name."""
    return sum(
        state_facts(actor, stated=list(_said_by_rows(actor, entries)))
        for entries in entries_of_roster(actor, subject)
    )


def from_pair(actor: Actor, /, *, subject: UUID) -> int:
    """Two firms were merged or parted: their rows stand elsewhere now."""
    return sum(
        restate_source(
            actor,
            firm=firm,
            source=Source.ROSTER,
            stated=list(_said_by_rows(actor, entries_of_firm(actor, firm))),
            stated_by=actor.org,
        )
        for firm in firms_of_pair(actor, subject)
    )


def _said_by_rows(actor: Actor, entries: Iterable[EntryOfFirm]) -> Iterable[Stated]:
    for entry in entries:
        for field, value in _known_fields(entry.values):
            yield Stated(
                entry.firm,
                field,
                value,
                Source.ROSTER,
                entry.row_id,
                entry.at,
                stated_by=actor.org,
                source_name=entry.reference,
            )


def _known_fields(values: Mapping[str, Any]) -> Iterable[tuple[str, Value]]:
    return ((field, values[field]) for field in PROFILE if values.get(field) not in (None, "", []))


def from_assessment(actor: Actor, /, *, subject: UUID) -> int:
    """What a finished assessment came to, and each answer with the grade at which somebody vouches for it."""
    try:
        view = access_assessment(actor, assessment_id=subject)
    except AssessmentNotFound:
        return 0
    if view.card.finished_at is None:
        return 0
    return state_facts(actor, stated=list(_said_by_assessment(actor, view)))


def _said_by_assessment(actor: Actor, view: AssessmentView) -> Iterable[Stated]:
    card, at = view.card, view.card.finished_at
    assert at is not None

    def said(field: str, value: Value, grade: Grade = Grade.SELF) -> Stated:
        return Stated(
            actor.org,
            field,
            value,
            Source.ASSESSMENT,
            card.id,
            at,
            grade,
            source_name=f"{card.rubric} {card.edition}",
        )

    for leaf, state in view.answers.items():
        if state.value is not None:
            yield said(ANSWER + leaf, cast("Value", state.value), Grade(state.grade.value))
    if card.diagnosis is not None:
        yield said(WATER, _listed(card.diagnosis.water))
        for code, plank in card.diagnosis.planks.items():
            if plank.needed:
                yield said(PLANK + code, _listed(plank.height))


def _listed(interval: Interval) -> list[float]:
    return [round(interval.low, 1), round(interval.likely, 1), round(interval.high, 1)]
