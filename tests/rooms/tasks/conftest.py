import pytest

from tests.testing import Lab, make_lab
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab()
