"""What the worker does, at once: events become jobs, jobs run."""

from uuid import UUID

from procrastinate.contrib.django.models import ProcrastinateJob

from staveworks.jobs.relay import relay_events
from staveworks.jobs.tasks import reaction_at
from staveworks.jobs.work import actor_of_job


def catch_up(*, backwards: bool = False, keep: bool = False) -> list[dict[str, str]]:
    """Relay all events and run their reactions, in order or backwards; what was run. ``keep``: not at all, only tell."""
    jobs: list[dict[str, str]] = []
    while relay_events():
        found = list(ProcrastinateJob.objects.filter(status="todo").order_by("id").values_list("id", "args"))
        fresh = [args for _, args in found]
        with_delete([id_ for id_, _ in found])
        jobs += fresh
        if not keep:
            run(reversed(fresh) if backwards else fresh)
    return jobs


def run(jobs: object) -> None:
    for args in jobs:  # type: ignore[attr-defined]
        reaction_at(args["reaction"])(actor_of_job(args["org_id"]), subject=UUID(args["subject_id"]))


def with_delete(ids: list[int]) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [ids])
