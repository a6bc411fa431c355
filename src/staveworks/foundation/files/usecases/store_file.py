"""Keep a file of the actor's organisation: type by content, size limited, digest taken while it streams in."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.domain import clean_name, media_type_of
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import path_of, record_of
from staveworks.foundation.files.room import check_room, lock_bytes, lock_room
from staveworks.foundation.files.scanning import quarantine, scanner
from staveworks.foundation.files.types import (
    FileEmpty,
    FileInfected,
    FileRecord,
    FileTooLarge,
    FileTypeRefused,
    ScannerDown,
    ScanState,
)
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

LIMIT = 20_000_000
"""Bytes."""


@dataclass(frozen=True, slots=True)
class _Received:
    path: Path
    size: int
    sha256: str
    media_type: str


def store_file(
    actor: Actor, *, name: str, content: bytes | Iterable[bytes], field: str | None = None, limit: int = LIMIT
) -> FileRecord:
    """``content`` is bytes or yields chunks of them (an open file or an upload). The right to upload is the caller's to check.

    The bytes are on disk before the row is written: a crash leaves bytes without a row at worst, never a row without bytes.
    Raises ``FileTooLarge``, ``FileEmpty``, ``FileTypeRefused``, ``FileInfected``, ``ScannerDown``, ``QuotaUsedUp``, each at
    ``field``.
    """
    received = _receive([content] if isinstance(content, bytes) else content, limit, field)
    try:
        scan = _scan(actor, received, field)
        return _keep(actor, received, scan, name=name, field=field)
    finally:
        received.path.unlink(missing_ok=True)


def _scan(actor: Actor, received: _Received, field: str | None) -> ScanState:
    try:
        verdict = scanner().scan(received.path)
    except ScannerDown:
        if settings.SCANNER_DOWN == "wait":
            return ScanState.WAITING
        raise ScannerDown(field=field) from None
    if verdict.state is ScanState.INFECTED:
        quarantine(received.path, received.sha256)
        _note_quarantine(actor, sha256=received.sha256, size=received.size)
        raise FileInfected(verdict.finding, field=field)
    return verdict.state


@use_case
def _note_quarantine(actor: Actor, /, *, sha256: str, size: int) -> None:
    append_event(actor, "file.quarantined", subject=new_id(), sha256=sha256, size=size)


@use_case
def _keep(
    actor: Actor, received: _Received, scan: ScanState, /, *, name: str, field: str | None
) -> FileRecord:
    lock_room(actor.org)
    lock_bytes(received.sha256)
    check_room(actor.org, sha256=received.sha256, size=received.size, field=field)
    place = path_of(received.sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if received.path.exists():  # a transaction that is repeated has moved it already
        os.replace(received.path, place)
    row = StoredFile.objects.create(
        id=new_id(),
        org_id=actor.org,
        name=clean_name(name, received.media_type),
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        uploaded_by_id=actor.person_id,
        scan=scan,
    )
    append_event(actor, "file.stored", subject=row.id, sha256=received.sha256, size=received.size)
    row.refresh_from_db(fields=["uploaded_at"])
    return record_of(row)


def _receive(content: Iterable[bytes], limit: int, field: str | None) -> _Received:
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=root, prefix="incoming-")
    path = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            size, sha256 = _write(file, content, limit, field)
            file.flush()
            os.fsync(file.fileno())
            media_type = media_type_of(file)
        if media_type is None:
            raise FileTypeRefused(field=field)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _Received(path, size, sha256, media_type)


def _write(file: BinaryIO, content: Iterable[bytes], limit: int, field: str | None) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for chunk in content:
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(limit, field=field)
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise FileEmpty(field=field)
    return size, digest.hexdigest()
