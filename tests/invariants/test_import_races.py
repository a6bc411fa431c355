"""Two people decide one pair at once; one list is imported twice at once: one of each, however they interleave."""

import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connections

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.rosters import duplicates
from staveworks.foundation.rosters.models import Decision, DuplicatePair, RosterRow
from staveworks.foundation.rosters.types import AlreadyDecided, RosterCard
from staveworks.foundation.rosters.usecases import decide_duplicate as deciding
from staveworks.foundation.rosters.usecases import keep_apart as parting
from tests.database import Clone
from tests.rooms.rosters.lists import HEADER, PARK, import_list, write
from tests.world import World, make_world

TWENTY = HEADER + "".join(f"绍兴{a}{b}纺织厂,,绍兴市柯桥区,东泰路{n}号,,138570000{n:02d},{n}\n" for n, (a, b) in enumerate(
    (a, b) for a in "恒盛隆昌泰" for b in "云霞锦绣"
))  # fmt: skip


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Start all together; what each gave back or raised."""
    ready, results = threading.Barrier(len(works)), [None] * len(works)

    def run(at: int, work: Callable[[], object]) -> None:
        ready.wait()
        try:
            results[at] = work()  # type: ignore[call-overload]
        except Exception as error:
            results[at] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at, work)) for at, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(results)


def decisions(world: World) -> int:
    with acting(org=world.operator.id):
        return Decision.objects.filter(undone_at=None).count()


def a_pair(world: World, folder: Path) -> UUID:
    import_list(world.gao, write(folder, "park.csv", PARK))
    return duplicates.list_pairs(world.gao)[0].id


def test_of_two_decisions_at_once_one_counts(world: World, tmp_path: Path) -> None:
    pair = a_pair(world, tmp_path)
    merge = lambda: deciding.decide_duplicate(world.gao, pair=pair, verdict="merge")  # noqa: E731
    apart = lambda: deciding.decide_duplicate(world.gao, pair=pair, verdict="apart")  # noqa: E731
    results = at_once([merge, apart, merge, apart])
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 3
    assert decisions(world) == 1


def test_without_the_lock_both_would_decide_and_the_database_refuses_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: no turn, no row lock, both look before either writes. What is left is the unique live decision."""
    pair = a_pair(world, tmp_path)
    both_have_looked = threading.Barrier(2, timeout=20)

    def look(id: UUID, *, lock: bool = False) -> DuplicatePair:
        found = duplicates.get_pair(id)
        both_have_looked.wait()
        return found

    monkeypatch.setattr(deciding, "in_turn", lambda org: None)
    monkeypatch.setattr(deciding, "get_pair", look)
    apart = lambda: deciding.decide_duplicate(world.gao, pair=pair, verdict="apart")  # noqa: E731
    results = at_once([apart, apart])
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert decisions(world) == 1


def test_one_list_imported_twice_at_once_loads_each_firm_once(world: World, tmp_path: Path) -> None:
    path = write(tmp_path, "twenty.csv", TWENTY)
    before = Organisation.objects.count()
    cards = at_once([lambda: import_list(world.gao, path, chunk=3)] * 3)
    assert all(isinstance(card, RosterCard) for card in cards), cards
    assert sum(card.counts.loaded for card in cards if isinstance(card, RosterCard)) == 20
    assert {card.counts.rows for card in cards if isinstance(card, RosterCard)} == {20}
    assert Organisation.objects.count() == before + 20


def a_merge(world: World, folder: Path) -> UUID:
    import_list(world.gao, write(folder, "one.csv", TWENTY))
    second = import_list(
        world.gao, write(folder, "two.csv", TWENTY + "绍兴恒云纺织厂,,绍兴市柯桥区,东泰路0号,,13857000000,\n")
    )
    with acting(org=world.operator.id):
        return RosterRow.objects.get(roster_id=second.id, matched_id__isnull=False, position=20).id


def test_of_three_who_keep_one_merge_apart_at_once_one_counts(world: World, tmp_path: Path) -> None:
    row = a_merge(world, tmp_path)
    before = Organisation.objects.count()
    results = at_once([lambda: parting.keep_apart(world.gao, row=row)] * 3)
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 2, results
    assert (decisions(world), Organisation.objects.count()) == (1, before + 1)


def test_without_the_turn_the_database_refuses_the_second(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both look before either writes; what is left is one pair for two rows, and one live decision of it."""
    row = a_merge(world, tmp_path)
    both_have_looked = threading.Barrier(2, timeout=20)
    look = parting.find_merge

    def find(id: UUID) -> object:
        found = look(id)
        both_have_looked.wait()
        return found

    monkeypatch.setattr(parting, "in_turn", lambda org: None)
    monkeypatch.setattr(parting, "find_merge", find)
    results = at_once([lambda: parting.keep_apart(world.gao, row=row)] * 2)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1, results
    assert decisions(world) == 1
