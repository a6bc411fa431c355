"""Stored files: type by content, size limit, digest, only by right and only for their organisation."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from staveworks.foundation.files.domain import clean_name, media_type_of
from staveworks.foundation.files.queries import access_file, open_file
from staveworks.foundation.files.types import FileEmpty, FileNotFound, FileTooLarge, FileTypeRefused
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor, RightMissing
from tests.world import World, make_world

PDF = b"%PDF-1.7\n" + b"x" * 5000


def office(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


XLSX = office("[Content_Types].xml", "xl/workbook.xml")
DOCX = office("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), None),
        (office("evil.exe"), None),
        (b"PK\x03\x04 not an archive", None),
        (b"<html><script>", None),
        (b"<svg xmlns=", None),
        (b"#!/bin/sh", None),
        (b"XXXX\0\0\0\0WEBP", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, expected: str | None) -> None:
    assert media_type_of(io.BytesIO(content)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("执照.pdf", "执照.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\执照.exe", "执照.exe.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("\0\n", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_loses_what_could_mislead(name: str, expected: str) -> None:
    assert clean_name(name, "application/pdf") == expected


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.django_db
class TestStoring:
    def test_bytes_lie_under_their_digest_outside_the_web_root(self, world: World) -> None:
        record = store_file(world.lin, name="执照.pdf", content=iter([PDF[:10], PDF[10:]]))
        assert record.sha256 == hashlib.sha256(PDF).hexdigest()
        assert record.size == len(PDF)
        assert record.path.read_bytes() == PDF
        assert Path(settings.FILES_ROOT) in record.path.parents
        assert Path(settings.STATIC_ROOT) not in record.path.parents
        assert record.path.stat().st_mode & 0o077 == 0
        assert open_file(world.lin, file_id=record.id).content == PDF

    def test_too_large_is_refused_while_it_comes_in(self, world: World) -> None:
        taken = 0

        def endless() -> object:
            nonlocal taken
            while True:
                taken += 1
                yield PDF

        with pytest.raises(FileTooLarge):
            store_file(world.lin, name="x.pdf", content=endless(), limit=20_000)  # type: ignore[arg-type]
        assert taken <= 5
        assert not list(Path(settings.FILES_ROOT).glob("incoming-*"))

    def test_what_is_refused_leaves_nothing(self, world: World) -> None:
        with pytest.raises(FileEmpty):
            store_file(world.lin, name="x.pdf", content=b"")
        with pytest.raises(FileTypeRefused):
            store_file(world.lin, name="x.pdf", content=b"<script>alert(1)</script>")
        assert not list(Path(settings.FILES_ROOT).glob("incoming-*"))

    def test_another_organisations_file_is_not_found(self, world: World) -> None:
        record = store_file(world.lin, name="执照.pdf", content=PDF)
        assert access_file(world.zhou, record.id).name == "执照.pdf"
        for other in (world.wu, world.gao):
            with pytest.raises(FileNotFound):
                access_file(other, record.id)
        with pytest.raises(RightMissing):
            access_file(Actor(world.lin.person_id, world.chunhui.id), record.id)
