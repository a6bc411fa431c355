"""Timed backups: the command in a child process, and what the log says of backups and restores."""

import logging
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from staveworks.db.keeping.make import Made
from staveworks.db.keeping.timing import is_due
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.queries import operator_service

log = logging.getLogger("staveworks.jobs")
COMMAND = (sys.executable, "-m", "staveworks.cli.main", "backup", "--scheduled")
PAUSE_AFTER_FAILURE_S = 3600


@dataclass
class _Running:
    """The child that makes a backup, if one does, and when the next may be tried after one failed."""

    child: "subprocess.Popen[bytes] | None" = None
    not_before: float = 0.0


_state = _Running()


def keep_backups() -> None:
    """Start the timed backup when it is due and look after it; never waits, since sealing must go on beside it."""
    if _state.child is not None:
        _look_after(_state.child)
    elif time.monotonic() >= _state.not_before and is_due(Path(settings.HOME), datetime.now(UTC)):
        _state.child = subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _look_after(child: "subprocess.Popen[bytes]") -> None:
    code = child.poll()
    if code is None:
        return
    _state.child = None
    if code:
        _state.not_before = time.monotonic() + PAUSE_AFTER_FAILURE_S
        log.error("the timed backup failed with exit code %s; trying again in an hour", code)
        note_failure(code)


def note_failure(code: int) -> None:
    _note("backup.failed", exit_code=code)


def note_backup(made: Made) -> None:
    kept = made.kept
    _note(
        "backup.made",
        taken_at=kept.taken_at,
        bytes=kept.bytes,
        files=made.files,
        missing=len(made.missing),
        encrypted=kept.encrypted,
        verified=kept.verified,
        reason=kept.reason,
    )


def note_restored(taken_at: str) -> None:
    """What happened between that moment and now is lost to this node."""
    _note("node.restored", taken_at=taken_at)


def note_upgrade(version: str, migrations: int) -> None:
    _note("node.upgraded", version=version, migrations=migrations)


def _note(type: str, **data: Any) -> None:
    service = operator_service()
    with transaction.atomic(), acting(org=service.org_id, person=service.person_id):
        append_event(service, type, subject=service.org, **data)
