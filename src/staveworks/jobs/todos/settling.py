"""Settle to-dos by their sources: one, all of a kind in an organisation, or everything that differs anywhere."""

from collections.abc import Iterable
from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.todo_queries import list_open_subjects, list_open_todos, list_said_done
from staveworks.foundation.notices.usecases.settle_todo import settle_todo
from staveworks.foundation.parties.types import Actor
from staveworks.jobs.todos.sources import SOURCES
from staveworks.jobs.work import actor_of_job, do_each
from staveworks.kit.waiting import Waiting


def settle(actor: Actor, kind: str, subject: UUID) -> None:
    """Make the actor's organisation's to-do of ``kind`` about ``subject`` agree with how the thing stands now."""

    def look() -> Waiting | None:
        return next(iter(SOURCES[kind](org=actor.org, subject=subject)), None)

    settle_todo(actor, kind=kind, subject=subject, look=look)


def settle_all(actor: Actor, *kinds: str) -> None:
    """The same for all of some kinds in one organisation: what waits, and what is open and may wait no longer."""
    for kind in kinds:
        with acting(org=actor.org, person=actor.person_id):
            waiting = {each.subject for each in SOURCES[kind](org=actor.org)}
        for subject in waiting | list_open_subjects(actor, kind=kind):
            settle(actor, kind, subject)


def settle_everywhere() -> int:
    """Settle whatever differs in any organisation, so that a lost event is made good; how many did. Under the cross role."""
    differing = [(org, kind, subject) for kind in SOURCES for org, subject in _differing(kind)]

    def one(due: tuple[UUID, str, UUID]) -> int:
        org, kind, subject = due
        settle(actor_of_job(org), kind, subject)
        return 1

    return do_each(differing, one)


def _differing(kind: str) -> Iterable[tuple[UUID, UUID]]:
    waiting = {(each.org_id, each.subject): each for each in SOURCES[kind](org=None)}
    there = list_open_todos(kind=kind)
    gone = set(there) - set(waiting)
    fresh = set(waiting) - set(there) - _said_done(kind, waiting)
    changed = {key for key in set(there) & set(waiting) if there[key] != dict(waiting[key].params)}
    return sorted(gone | fresh | changed)


def _said_done(kind: str, waiting: dict[tuple[UUID, UUID], Waiting]) -> set[tuple[UUID, UUID]]:
    """What still waits although somebody has said that it is done, and has not begun anew since."""
    if not KINDS[kind].by_hand:
        return set()
    said = list_said_done(kind=kind)
    return {
        key for key, each in waiting.items() if key in said and (not each.since or said[key] >= each.since)
    }
