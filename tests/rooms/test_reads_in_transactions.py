"""A read takes part in the transaction that shows the same, and opens its own for anybody else."""

import pytest
from django.db import connection

from staveworks.db.transaction import acting, query
from staveworks.foundation.parties.types import Actor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@query
def seen(actor: Actor) -> tuple[str, int]:
    """For whom the database answers, and how many savepoints deep."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.org')")
        return cursor.fetchone()[0], len(connection.savepoint_ids)


def test_a_read_for_the_same_is_part_of_it_without_a_savepoint(world: World) -> None:
    with acting(org=world.gao.org_id, person=world.gao.person_id):
        assert seen(world.gao) == (str(world.gao.org_id), len(connection.savepoint_ids))


@pytest.mark.parametrize("reader", ["lin", "shen"])
def test_a_read_for_somebody_else_has_its_own_and_the_outer_one_holds_again(
    world: World, reader: str
) -> None:
    actor = getattr(world, reader)
    with acting(org=world.gao.org_id, person=world.gao.person_id):
        depth = len(connection.savepoint_ids)
        assert seen(actor) == (str(actor.org_id), depth + 1)
        assert seen(world.gao) == (str(world.gao.org_id), depth)


def test_a_read_inside_the_holders_of_a_token_has_its_own(world: World) -> None:
    with acting(org=world.gao.org_id, person=world.gao.person_id, token="t"):
        assert seen(world.gao)[1] == len(connection.savepoint_ids) + 1
