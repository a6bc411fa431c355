"""Calls of the API are counted exactly, whoever counts at the same moment, and forgotten when their minute is long over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import F

from staveworks.foundation.parties.models import CallWindow
from staveworks.foundation.parties.usecases.count_calls import WINDOW_S, count_calls


def minutes_pass(minutes: int) -> None:
    CallWindow.objects.update(since=F("since") - timedelta(minutes=minutes))


@pytest.mark.django_db
def test_each_caller_is_counted_for_itself() -> None:
    assert [counted.calls for counted in count_calls(["address", "token"])] == [1, 1]
    assert [counted.calls for counted in count_calls(["another address", "token"])] == [1, 2]
    assert 0 < count_calls(["token"])[0].left <= WINDOW_S


@pytest.mark.django_db
def test_a_new_minute_begins_anew() -> None:
    count_calls(["address"])
    minutes_pass(1)
    assert count_calls(["address"])[0].calls == 1
    assert count_calls(["address"])[0].calls == 2


@pytest.mark.django_db
def test_what_is_long_over_is_forgotten() -> None:
    count_calls(["one", "two"])
    minutes_pass(3)
    count_calls(["three"])
    assert CallWindow.objects.count() == 1


@pytest.mark.django_db
def test_nobody_is_kept_by_name() -> None:
    count_calls(["203.0.113.7"])
    kept = CallWindow.objects.get().caller
    assert len(kept) == 64
    assert "203" not in kept


def test_no_call_is_lost_where_many_count_at_once(committed: Any) -> None:
    def call(number: int) -> int:
        try:
            return count_calls([f"address {number % 2}", "token"])[1].calls
        finally:
            connections.close_all()

    connection.close()
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(call, range(80)))
    assert sorted(seen) == list(range(1, 81))
