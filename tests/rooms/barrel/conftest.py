"""A small rubric of the tests' own: two questions a plank, so that every height can be computed in the head."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml

from staveworks.kit.data import SHIPPED
from tests.rooms.barrel.rubrics import write_data
from tests.world import World, make_world

GREEN = {
    "code": "green",
    "kind": "stave",
    "name": {"zh": "绿色制造", "en": "Green"},
    "description": {"zh": "节能与减排", "en": "energy and emissions"},
    "icon": "leaf",
    "colour": {"light": "#2D7048", "dark": "#9FC48B"},
}


@pytest.fixture
def data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sequence[dict[str, object]]], Path]:
    """Makes STAVEWORKS_DATA: the shipped planks and some more, with the small rubric over them."""

    def make(more: Sequence[dict[str, object]] = (), edition: str = "2026") -> Path:
        shipped = yaml.safe_load((SHIPPED / "planks.yaml").read_text(encoding="utf-8"))
        folder = tmp_path / f"data-{edition}-{len(more)}"
        write_data(folder, [*shipped, *more], edition)
        monkeypatch.setenv("STAVEWORKS_DATA", str(folder))
        return folder

    return make


@pytest.fixture
def small_rubric(data_folder: Callable[[], Path]) -> Path:
    return data_folder()


@pytest.fixture
def world(db: None, small_rubric: Path) -> World:
    return make_world()
