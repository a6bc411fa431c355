"""Events become jobs exactly once, and no job works for nobody."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import OrganisationNotFound
from staveworks.foundation.parties.usecases.found_operator import found_operator
from staveworks.foundation.reservation.auditing import TEXTS, Fault, HoldsAudit
from staveworks.jobs import periodic, reactions, verifying, worker
from staveworks.jobs.books import watch_books
from staveworks.jobs.periodic import DEMO, PERIODIC, SLOW, keep_demo, renew_next_free, watch_reservations
from staveworks.jobs.relay import relay_events
from staveworks.jobs.tasks import reaction_at
from staveworks.jobs.work import CROSS_JOBS, JobWithoutOrganisation, SomeFailed, actor_of_job, crossing
from staveworks.kit.ids import new_id


def jobs_waiting() -> list[dict[str, Any]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return list(ProcrastinateJob.objects.values_list("args", flat=True))


def test_an_event_with_a_reaction_becomes_one_job_and_others_none(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reactions.REACTIONS, "thing.done", ("builtins.print",))
    org, subject = found_operator(), new_id()
    with acting(org=org):
        append_event(operator_service(), "thing.done", subject=subject)
        append_event(operator_service(), "thing.ignored", subject=subject)
    assert relay_events() == 1
    assert relay_events() == 0, "read again, nothing is deferred twice"
    assert [(job["event_type"], job["subject_id"]) for job in jobs_waiting()] == [
        ("thing.done", str(subject))
    ]


def test_an_event_with_several_reactions_becomes_a_job_for_each(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reactions.REACTIONS, "thing.done", ("builtins.print", "builtins.repr"))
    with acting(org=found_operator()):
        append_event(operator_service(), "thing.done", subject=new_id())
    assert relay_events() == 2
    assert {job["reaction"] for job in jobs_waiting()} == {"builtins.print", "builtins.repr"}


def test_every_reaction_of_the_table_is_there() -> None:
    paths = [path for some in reactions.REACTIONS.values() for path in some]
    assert paths
    assert all(callable(reaction_at(path)) for path in paths)


def test_a_crash_of_the_relay_defers_nothing_and_loses_nothing(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from staveworks.foundation.eventlog.models import Cursor

    monkeypatch.setitem(reactions.REACTIONS, "thing.done", ("builtins.print",))
    org = found_operator()
    with acting(org=org):
        append_event(operator_service(), "thing.done", subject=new_id())
    save = Cursor.save
    monkeypatch.setattr(Cursor, "save", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError, match="killed"):
        relay_events()
    assert jobs_waiting() == []
    monkeypatch.setattr(Cursor, "save", save)
    assert relay_events() == 1


def test_a_job_works_as_the_operators_service_account(committed: Any) -> None:
    org = found_operator()
    actor = actor_of_job(str(org))
    assert (actor.org_id, actor.service) == (org, "staveworks")


@pytest.mark.parametrize("org_id", [None, ""])
def test_a_job_without_organisation_is_refused(committed: Any, org_id: str | None) -> None:
    found_operator()
    with pytest.raises(JobWithoutOrganisation):
        actor_of_job(org_id)


def test_a_job_for_an_organisation_that_does_not_exist_is_refused(committed: Any) -> None:
    found_operator()
    with pytest.raises(OrganisationNotFound):
        actor_of_job(new_id())


def test_a_cross_job_must_be_listed_with_its_reason() -> None:
    assert all(CROSS_JOBS.values())
    with pytest.raises(JobWithoutOrganisation), crossing("unlisted"):
        pass


def test_what_may_take_minutes_has_a_clock_of_its_own() -> None:
    """Events wait for whatever runs beside them."""
    slow = {watch_books, watch_reservations, renew_next_free}
    assert slow == {job for _, job in SLOW}
    assert {keep_demo} == {job for _, job in DEMO}, "it waits for its runs: nothing waits for it"
    assert not {*slow, keep_demo} & {job for _, job in PERIODIC}


def test_what_cannot_be_in_the_reservations_goes_to_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fault = Fault(new_id(), TEXTS["oversold"])
    monkeypatch.setattr(verifying, "audit_reservations", lambda: HoldsAudit(1, (fault,)))
    assert watch_reservations() == 1
    assert "more is taken than there is" in caplog.text


def test_the_worker_keeps_the_time_of_the_periodic_table() -> None:
    """A clock runs a table of (seconds, job); it was once handed something else of the same name, and nothing ran."""
    assert PERIODIC in worker.TABLES
    assert SLOW in worker.TABLES
    assert DEMO in worker.TABLES
    assert all(callable(job) and seconds > 0 for table in worker.TABLES for seconds, job in table)
    stop, ran = threading.Event(), []

    def tick() -> None:
        ran.append(1)
        stop.set()

    worker.keep_time(stop, [(60, tick)])
    assert ran == [1]


@pytest.mark.parametrize(
    ("job", "lists", "does"),
    [
        ("lapse_lines", "list_lapsed", "lapse_line"),
        ("lapse_milestones", "list_overdue", "lapse_milestone"),
        ("give_back_unused", "list_expected", "give_back"),
        ("renew_next_free", "list_calendars", "renew_free"),
        ("escalate_todos", "due_steps", "escalate_todo"),
    ],
)
def test_one_row_that_fails_keeps_no_other_waiting_and_the_run_counts_as_failed(
    committed: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    job: str,
    lists: str,
    does: str,
) -> None:
    org, done = found_operator(), []

    def due(*_: Any) -> list[Any]:
        if job == "escalate_todos":
            return [SimpleNamespace(org_id=org, todo_id=name, step="x") for name in ("poison", "sound")]
        return [(org, name) for name in ("poison", "sound")]

    def do(actor: Any, **named: Any) -> bool:
        if "poison" in named.values():
            raise ZeroDivisionError
        done.append(named)
        return True

    monkeypatch.setattr(periodic, lists, due)
    monkeypatch.setattr(periodic, does, do)
    with pytest.raises(SomeFailed, match="1 of 2"):
        getattr(periodic, job)()
    assert len(done) == 1
    assert "poison" in caplog.text
