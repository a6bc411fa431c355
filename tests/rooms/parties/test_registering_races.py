"""How many organisations one person registers in a day, also when she sends them all together."""

from functools import partial
from threading import Barrier
from uuid import UUID

import pytest

from staveworks.foundation.parties.types import Actor, FoundedTooOften, Kind
from staveworks.foundation.parties.usecases import found_organisation as founding
from staveworks.foundation.parties.usecases.found_organisation import found_organisation
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import make_person


def founded_at_once(times: int) -> list[object]:
    """What one person gets who sends her registrations all together."""
    founder = Actor(make_person("赵新").id, None)

    def found(number: int) -> UUID:
        return found_organisation(founder, name=f"第{number}厂", kinds=[Kind.ENTERPRISE], a_day=2)

    return at_once(*(partial(found, number) for number in range(times)))


def test_registrations_sent_all_together_are_as_many_as_one_after_the_other(committed: Clone) -> None:
    results = founded_at_once(5)
    assert sum(isinstance(result, UUID) for result in results) == 2, results
    assert sum(isinstance(result, FoundedTooOften) for result in results) == 3


def test_control_without_turns_nobody_counts_the_others(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_counted, count = Barrier(5), founding._founded_lately

    def counted(person: UUID) -> int:
        number = count(person)
        all_counted.wait()
        return number

    monkeypatch.setattr(founding, "_wait_for_turn", lambda person: None)
    monkeypatch.setattr(founding, "_founded_lately", counted)
    assert all(isinstance(result, UUID) for result in founded_at_once(5))
