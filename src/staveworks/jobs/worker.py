"""The worker: runs the queue, and beside it the periodic tables and the clocks that send messages."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from staveworks.jobs.periodic import DEMO, PERIODIC, SLOW
from staveworks.jobs.sending import SENDING, STOP
from staveworks.kit.metrics import PERIODIC as RUNS
from staveworks.kit.reference import new_reference, referring

log = logging.getLogger("staveworks.jobs")
STALLED_AFTER_S = 20
CLOCKS_END_S = 10
Table = Sequence[tuple[float, Callable[[], object]]]
TABLES: tuple[Table, ...] = (PERIODIC, SLOW, DEMO, *SENDING)
"""Each has a clock of its own."""


def work(*, concurrency: int = 2) -> None:
    """Work until SIGINT or SIGTERM; running jobs are finished first."""
    stop = threading.Event()
    clocks = [threading.Thread(target=keep_time, args=(stop, table), daemon=True) for table in TABLES]
    for clock in clocks:
        clock.start()
    try:
        asyncio.run(_run_queue(concurrency))
    finally:
        stop.set()
        STOP.set()
        for clock in clocks:
            clock.join(timeout=CLOCKS_END_S)


async def _run_queue(concurrency: int) -> None:
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    worker_app = app.with_connector(connector.get_worker_connector())
    async with worker_app.open_async():
        rescue = asyncio.create_task(_rescue(worker_app))
        try:
            await worker_app.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",
                fetch_job_polling_interval=1,
                stalled_worker_timeout=STALLED_AFTER_S,
                shutdown_graceful_timeout=30,
            )
        finally:
            rescue.cancel()


async def _rescue(worker_app: App) -> None:
    """A job whose worker was killed stays ``doing``: give it back to the queue once the heartbeat is missing."""
    while True:
        try:
            stalled = await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S)
            for job in stalled:
                log.warning("job %s of a dead worker runs again", job.id)
                await worker_app.job_manager.retry_job(job)
        except Exception:
            log.exception("looking for stalled jobs failed; trying again")
        await asyncio.sleep(5)


def keep_time(stop: threading.Event, table: Table) -> None:
    """Run the jobs of ``table`` until ``stop``; a failing job is logged and tried again at its next time."""
    due = [time.monotonic()] * len(table)
    while not stop.wait(0.2):
        for index, (seconds, job) in enumerate(table):
            if time.monotonic() >= due[index]:
                _attempt(job)
                due[index] = time.monotonic() + seconds


def _attempt(job: Callable[[], object]) -> None:
    close_old_connections()
    outcome = "failed"
    try:
        with referring(new_reference()):
            job()
        outcome = "done"
    except Exception:
        log.exception("periodic job %s failed; trying again", job.__name__)
    finally:
        RUNS.labels(job.__name__, outcome).inc()
        close_old_connections()
