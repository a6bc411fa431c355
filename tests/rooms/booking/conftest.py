"""A world and a laboratory that lends by the hour; a test that needs another has its own."""

import pytest

from tests.booking import Lab, make_lab
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab(world)
