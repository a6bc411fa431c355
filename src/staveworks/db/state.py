"""How the database and what works on it are: reachable, migrated, worker alive, queue, connections. Names and counts, no rows."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from staveworks.db.schema import pending

SILENT_AFTER_S = 40
"""A worker says that it lives every ten seconds."""


_current = False


def schema_is_current() -> bool:
    """Whether every migration of this program is applied. A schema that is ahead of the program is current too."""
    global _current
    if not _current:
        _current = not pending("default")
    return _current


def worker_is_alive() -> bool:
    """Whether some worker has given a sign of life lately, by the database's clock."""
    table = ProcrastinateWorker._meta.db_table
    rows = _ask(
        f"SELECT 1 FROM {table} WHERE last_heartbeat > now() - make_interval(secs => %s) LIMIT 1",
        SILENT_AFTER_S,
    )
    return bool(rows)


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs by status, and for how many seconds the oldest that might run has waited."""

    jobs: dict[str, int]
    oldest_seconds: float
    workers: int


def queue() -> Queue:
    jobs, workers = ProcrastinateJob._meta.db_table, ProcrastinateWorker._meta.db_table
    counted = _ask(f"SELECT status::text, count(*) FROM {jobs} GROUP BY status")
    ((oldest,),) = _ask(
        f"""SELECT coalesce(extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at))), 0)::float FROM {jobs} j
            JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
            WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"""
    )
    ((alive,),) = _ask(
        f"SELECT count(*) FROM {workers} WHERE last_heartbeat > now() - make_interval(secs => %s)",
        SILENT_AFTER_S,
    )
    return Queue(dict(counted), float(oldest), alive)


@dataclass(frozen=True, slots=True)
class Connections:
    """Open connections to this database by state, and how many the server takes in all."""

    by_state: dict[str, int]
    most: int


def connections_now() -> Connections:
    rows = _ask(
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
    )
    ((most,),) = _ask("SELECT current_setting('max_connections')::int")
    return Connections(dict(rows), most)


def _ask(statement: str, *values: float) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
