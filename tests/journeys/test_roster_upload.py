"""A workbook that would fill the memory, sent by page and by API, is refused and leaves nothing behind."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.rosters.queries import list_rosters
from tests.contract.caller import make_token
from tests.unit.test_roster_reading import FAR, by_hand
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Where uploads pass through; those too large for memory are spooled here by Django too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    return folder


@pytest.mark.parametrize("sheet", ["sheets/s1.xml", "Worksheets/sheet1.xml"])
def test_by_page(world: World, client: Client, tmp_path: Path, temporary: Path, sheet: str) -> None:
    client.force_login(Person.objects.get(id=world.gao.person_id))
    client.cookies["django_language"] = "en"
    file = SimpleUploadedFile("far.xlsx", by_hand(tmp_path, FAR, sheet).read_bytes())
    answer = client.post("/rosters/upload/", {"lists": file})
    assert answer.status_code == 422
    assert "far away from the table" in answer.text
    assert list(temporary.iterdir()) == []
    assert list_rosters(world.gao) == []


def test_by_api(world: World, client: Client, tmp_path: Path, temporary: Path) -> None:
    file = SimpleUploadedFile("far.xlsx", by_hand(tmp_path, FAR, "sheets/s1.xml").read_bytes())
    token = make_token(world.gao)
    answer = client.post("/api/v1/rosters", {"file": file}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 422
    assert "离表格太远" in answer.text
    assert list(temporary.iterdir()) == []
    assert list_rosters(world.gao) == []
