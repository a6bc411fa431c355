"""Room for uploads by the rule ``files.quota``: counted under a lock, the same bytes once; files that are forgotten free it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.files import room
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.queries import path_of
from staveworks.foundation.files.room import room_used
from staveworks.foundation.files.types import QuotaUsedUp
from staveworks.foundation.files.usecases import store_file as storing
from staveworks.foundation.files.usecases.forget_files import forget_bytes, forget_files
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_world

MB = 1_000_000


@pytest.fixture
def world(committed: Clone) -> World:
    made = make_world()
    adopt_rule(
        made.gao,
        code="files.quota",
        value={"organisation_mb": 50},
        text=Text(zh="五十", en="Fifty"),
        from_date=timezone.localdate(),
    )
    return made


def pdf(size: int, mark: str) -> bytes:
    return (b"%PDF-1.7\n" + mark.encode()).ljust(size, b"x")


def used(world: World) -> int:
    with acting(org=world.chunhui.id):
        return room_used(world.chunhui.id)


def fill(world: World) -> None:
    for mark in ("a", "b"):
        store_file(world.lin, name="a.pdf", content=pdf(20 * MB, mark))


def test_a_file_that_does_not_fit_is_refused_at_its_field_and_one_that_fits_is_taken(world: World) -> None:
    fill(world)
    with pytest.raises(QuotaUsedUp) as refused:
        store_file(world.lin, name="a.pdf", content=pdf(15 * MB, "c"), field="file")
    assert (refused.value.field, "10.0 of 50 MB left" in refused.value.text.en) == ("file", True)
    store_file(world.lin, name="a.pdf", content=pdf(10 * MB, "d"))
    store_file(world.lin, name="again.pdf", content=pdf(20 * MB, "a"))
    assert used(world) == 50 * MB, "the same bytes count once"
    store_file(world.wu, name="a.pdf", content=pdf(15 * MB, "c"))


def both_at_once(world: World) -> list[str]:
    uploads: list[Callable[[], object]] = [
        lambda mark=mark: store_file(world.lin, name="a.pdf", content=pdf(9 * MB, mark))  # type: ignore[misc]
        for mark in "pqrs"
    ]
    return [type(result).__name__ for result in at_once(*uploads)]


def test_uploads_at_once_do_not_go_beyond_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world)
    slowly(monkeypatch)
    results = both_at_once(world)
    assert sorted(results) == ["FileRecord", "QuotaUsedUp", "QuotaUsedUp", "QuotaUsedUp"]
    assert used(world) == 49 * MB


def test_control_without_the_lock_they_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world)
    slowly(monkeypatch)
    monkeypatch.setattr(storing, "lock_room", lambda org_id: None)
    both_at_once(world)
    assert used(world) > 50 * MB


def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment passes between the count and the row."""
    count = room.check_room

    def dawdling(*args: object, **kwargs: object) -> None:
        from django.db import connection

        count(*args, **kwargs)  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.4)")

    monkeypatch.setattr(storing, "check_room", dawdling)


def test_bytes_go_with_their_last_row(world: World) -> None:
    mine = store_file(world.lin, name="a.pdf", content=pdf(100, "same"))
    theirs = store_file(world.wu, name="a.pdf", content=pdf(100, "same"))
    assert forget_files(world.chunhui.id, ids=[mine.id, theirs.id]) == 1, (
        "another organisation's row isn't seen"
    )
    assert path_of(mine.sha256).exists()
    assert not forget_bytes(theirs.sha256), "a row still names them"
    assert forget_files(world.yuanda.id, ids=[theirs.id]) == 1
    assert not path_of(mine.sha256).exists()
    assert not StoredFile.objects.using("cross").exists()
