"""Malware: clamd by its own protocol; found → quarantine and what to do; no answer → refused or waiting, never passed."""

import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings as now
from django.db import connections

from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import access_file, checked, path_of
from staveworks.foundation.files.scanning import Clamd
from staveworks.foundation.files.types import (
    FileDamaged,
    FileInfected,
    FileQuarantined,
    FileWaiting,
    ScannerDown,
    ScanState,
    Verdict,
)
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.jobs.scanning import scan_waiting_files
from tests.database import Clone
from tests.world import World, make_world

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file of the scanners' makers; in two parts, or this file would be quarantined itself."""
PDF = b"%PDF-1.7\n" + b"x" * 200_000
INFECTED = b"%PDF-1.7\n" + EICAR
FOUND = b"stream: Eicar-Test-Signature FOUND\n"


class RecordedClamd:
    """Speaks as clamd 1.4 does to ``nINSTREAM``; keeps what it got."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.got: list[bytes] = []
        self.answer: Callable[[bytes], bytes] = lambda body: FOUND if EICAR in body else b"stream: OK\n"
        Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listening.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.listening.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as stream:
                assert stream.read(10) == b"nINSTREAM\n"
                body = b""
                while length := struct.unpack("!I", stream.read(4))[0]:
                    body += stream.read(length)
                self.got.append(body)
                caller.sendall(self.answer(body))


@pytest.fixture
def clamd(settings: Any) -> Iterator[RecordedClamd]:
    server = RecordedClamd()
    settings.SCANNER = server.address
    yield server
    server.listening.close()


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def test_without_a_scanner_a_file_says_that_nobody_scanned_it(world: World) -> None:
    assert store_file(world.lin, name="a.pdf", content=PDF).scan is ScanState.UNSCANNED


def test_a_clean_file_is_taken_and_clamd_got_all_of_it(world: World, clamd: RecordedClamd) -> None:
    assert store_file(world.lin, name="a.pdf", content=PDF).scan is ScanState.CLEAN
    assert clamd.got == [PDF]


def test_an_infected_file_goes_into_quarantine_and_its_sender_is_told_what_to_do(
    world: World, clamd: RecordedClamd
) -> None:
    with pytest.raises(FileInfected) as refused:
        store_file(world.lin, name="a.pdf", content=INFECTED, field="file")
    assert refused.value.field == "file"
    assert "Eicar-Test-Signature" in refused.value.text.en
    assert "Clean your computer" in refused.value.text.en
    [kept] = (Path(now.FILES_ROOT) / "quarantine").iterdir()
    assert kept.read_bytes() == INFECTED
    assert not path_of(kept.name).exists()
    assert not StoredFile.objects.using("cross").exists()
    assert Event.objects.using("cross").filter(type="file.quarantined", org_id=world.chunhui.id).count() == 1
    kept.unlink()


def test_a_scanner_that_does_not_answer_lets_nothing_pass(world: World, settings: Any) -> None:
    settings.SCANNER = "/nowhere/clamd.ctl"
    with pytest.raises(ScannerDown):
        store_file(world.lin, name="a.pdf", content=PDF, field="file")
    assert not StoredFile.objects.using("cross").exists()
    settings.SCANNER = None
    store_file(world.lin, name="a.pdf", content=PDF)


def test_by_setting_a_file_waits_and_opens_once_it_is_scanned(
    world: World, clamd: RecordedClamd, settings: Any
) -> None:
    address, settings.SCANNER, settings.SCANNER_DOWN = settings.SCANNER, "/nowhere/clamd.ctl", "wait"
    clean, bad = (store_file(world.lin, name="a.pdf", content=content) for content in (PDF, INFECTED))
    for each in (clean, bad):
        with pytest.raises(FileWaiting):
            access_file(world.lin, each.id)
    assert scan_waiting_files() == 0, "it is still down"
    settings.SCANNER = address
    assert scan_waiting_files() == 2
    assert access_file(world.lin, clean.id).scan is ScanState.CLEAN
    with pytest.raises(FileQuarantined):
        access_file(world.lin, bad.id)
    assert not bad.path.exists()


@pytest.mark.parametrize(
    "answer", ["", "INSTREAM size limit exceeded. ERROR", "stream: Can't allocate memory ERROR", "OKAY"]
)
def test_anything_but_a_clear_answer_is_no_verdict(clamd: RecordedClamd, tmp_path: Path, answer: str) -> None:
    clamd.answer = lambda body: answer.encode() + b"\n"
    with pytest.raises(ScannerDown):
        scan(clamd, tmp_path)


def test_the_clear_answers(clamd: RecordedClamd, tmp_path: Path) -> None:
    assert scan(clamd, tmp_path) == Verdict(ScanState.CLEAN)
    clamd.answer = lambda body: b"stream: Win.Test.EICAR_HDB-1 FOUND\n"
    assert scan(clamd, tmp_path) == Verdict(ScanState.INFECTED, "Win.Test.EICAR_HDB-1")


def scan(clamd: RecordedClamd, folder: Path) -> Verdict:
    path = folder / "a.pdf"
    path.write_bytes(PDF)
    return Clamd(clamd.address).scan(path)


def test_bytes_that_changed_on_the_disk_are_not_given_out(world: World) -> None:
    stored = store_file(world.lin, name="a.pdf", content=PDF)
    with checked(stored) as file:
        assert file.read() == PDF
    stored.path.write_bytes(PDF[:-1] + b"y")
    with pytest.raises(FileDamaged):
        checked(stored)
    stored.path.unlink()
    with pytest.raises(FileDamaged):
        checked(stored)
    connections.close_all()
