"""Events become jobs exactly once, and no job works for nobody."""

from typing import Any

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import OrganisationNotFound
from staveworks.foundation.parties.usecases.found_operator import found_operator
from staveworks.jobs import reactions
from staveworks.jobs.relay import relay_events
from staveworks.jobs.work import CROSS_JOBS, JobWithoutOrganisation, actor_of_job, crossing
from staveworks.kit.ids import new_id


def jobs_waiting() -> list[dict[str, Any]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return list(ProcrastinateJob.objects.values_list("args", flat=True))


def test_an_event_with_a_reaction_becomes_one_job_and_others_none(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reactions.REACTIONS, "thing.done", "builtins.print")
    org, subject = found_operator(), new_id()
    with acting(org=org):
        append_event(operator_service(), "thing.done", subject=subject)
        append_event(operator_service(), "thing.ignored", subject=subject)
    assert relay_events() == 1
    assert relay_events() == 0, "read again, nothing is deferred twice"
    assert [(job["event_type"], job["subject_id"]) for job in jobs_waiting()] == [
        ("thing.done", str(subject))
    ]


def test_a_crash_of_the_relay_defers_nothing_and_loses_nothing(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from staveworks.foundation.eventlog.models import Cursor

    monkeypatch.setitem(reactions.REACTIONS, "thing.done", "builtins.print")
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
