"""The tests' own ground: who connects, what is rolled back, what is not."""

import threading

import pytest
from django.db import connections

from tests.database import Clone


def ask(alias: str, query: str) -> list[tuple[object, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_tests_connect_as_a_role_without_privileges() -> None:
    (row,) = ask(
        "default",
        "SELECT current_user, rolsuper, rolbypassrls, "
        "(SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = current_user",
    )
    assert row == ("staveworks_app", False, False, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_starts_with_nobody_acting_whatever_the_last_one_left(turn: int) -> None:
    assert ask("default", "SELECT coalesce(current_setting('app.org', true), '')") == [("",)]
    ask("default", "SELECT set_config('app.org', 'left behind', false)")
    assert ask("default", "SELECT current_setting('app.org')") == [("left behind",)]


def test_a_commit_is_seen_by_other_roles_and_threads(committed: Clone) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE note (word text)")
    with connections["default"].cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES ('kept')")
    seen: list[list[tuple[object, ...]]] = []
    thread = threading.Thread(target=lambda: seen.append(ask("cross", "SELECT word FROM note")))
    thread.start()
    thread.join()
    assert seen == [[("kept",)]]


def test_a_committed_database_is_fresh_each_time(committed: Clone) -> None:
    assert ask("default", "SELECT to_regclass('note')") == [(None,)]
    assert ask("default", "SELECT current_database()") == [(committed.name,)]
