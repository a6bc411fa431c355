"""The engine of the tests (``tests/engine``) sends less often, and nothing else is different."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from staveworks.db.transaction import acting
from staveworks.kit.ids import new_id

pytestmark = pytest.mark.django_db
ORG, OTHER = new_id(), new_id()


def who() -> str:
    return str(ask("SELECT current_setting('app.org', true)"))


def ask(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()[0]


def test_who_acts_is_known_to_each_question() -> None:
    with acting(org=ORG):
        assert who() == str(ORG)
        with acting(org=OTHER):
            assert who() == str(OTHER)
        assert who() == str(ORG)
    assert not who()


def test_a_scope_that_fails_before_it_asks_leaves_the_one_around_it() -> None:
    with acting(org=ORG):
        with pytest.raises(ZeroDivisionError), acting(org=OTHER):
            raise ZeroDivisionError
        assert who() == str(ORG)


def change_and_fail() -> None:
    with transaction.atomic(), transaction.atomic():
        ask("SELECT set_config('test.kept', 'no', true)")
        ask("SELECT nothing FROM nowhere")


def test_what_failed_is_taken_back_to_its_savepoint_and_what_was_before_stays() -> None:
    ask("SELECT set_config('test.kept', 'yes', true)")
    with pytest.raises(ProgrammingError):
        change_and_fail()
    assert ask("SELECT current_setting('test.kept')") == "yes"


def test_a_savepoint_rolled_back_by_hand_can_be_used_again() -> None:
    saved = transaction.savepoint_create()
    transaction.savepoint_rollback(saved)
    ask("SELECT set_config('test.kept', 'no', true)")
    transaction.savepoint_rollback(saved)
    transaction.savepoint_commit(saved)
    assert not ask("SELECT current_setting('test.kept', true)")


def test_signs_of_percent_arrive_as_they_are() -> None:
    with acting(org=ORG):
        assert ask("SELECT '5%%' || %s", "%") == "5%%"
    with acting(org=ORG):
        assert ask("SELECT '5%'") == "5%"


def test_without_a_question_nothing_is_sent() -> None:
    ask("SELECT 1")
    with acting(org=ORG):
        pass
    assert [each for each in connection.waiting if "SAVEPOINT" in each] == []


def test_what_was_asked_is_noted_as_it_was_asked() -> None:
    with CaptureQueriesContext(connection) as captured, acting(org=ORG):
        ask("SELECT 1")
    said = [each["sql"].partition("(")[0] for each in captured.captured_queries]
    assert said == ["SELECT set_config", "SELECT 1", "SELECT set_config"]
