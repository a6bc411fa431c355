"""Invariants 6–9 under a crowd: nothing overlaps, nothing is oversold, what was acknowledged is so. The minute-long run: ``benchmarks/hammer.py``."""

import psycopg

from tests.database import Clone
from tests.hammer import hammer, make_arena
from tests.stock import NO_CHECK, NO_EXCLUSION, NO_LOCK
from tests.world import make_world

A_MOMENT = """
CREATE FUNCTION a_moment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$;
GRANT EXECUTE ON FUNCTION a_moment() TO PUBLIC;
CREATE TRIGGER aa_moment BEFORE INSERT ON reservation_reservation FOR EACH ROW EXECUTE FUNCTION a_moment();
"""


def test_a_crowd_gets_nothing_twice_and_loses_nothing(committed: Clone) -> None:
    acts = ("hold done", "hold refused", "commit done", "order done")
    report = hammer(
        make_arena(make_world(), firms=4, people=3, hours=6),
        committed.urls.superuser,
        clients=12,
        seconds=1.5,
        acts=acts,
    )
    assert report.faults == []
    assert (report.lost, report.doubled) == (0, 0), report.acts
    for act in acts:
        assert report.acts[act] > 0, (
            f"never {act}: the crowd was not let in, or there was enough for everybody"
        )


def test_control_without_the_guards_it_does(committed: Clone) -> None:
    """A moment between looking and taking, no lock, no constraint."""
    with psycopg.connect(committed.urls.owner) as owner:
        for statement in (A_MOMENT, NO_LOCK, NO_EXCLUSION, NO_CHECK):
            owner.execute(statement.encode())
    report = hammer(
        make_arena(make_world(), firms=4, people=3, hours=6),
        committed.urls.superuser,
        clients=12,
        seconds=0.5,
        keep=True,
    )
    assert "overlap" in report.faults
