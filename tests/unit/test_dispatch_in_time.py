"""What a limited time is spent on: prices until half of it is over, then the plan; and what is done beside it. Clocks stand still here: a run
of a million seconds begins with a part of them over."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import current_thread
from time import perf_counter

import numpy as np
import pytest

from benchmarks.dispatch.generate import generate
from staveworks.engine.dispatch.network import index
from staveworks.engine.dispatch.planning import dive as diving
from staveworks.engine.dispatch.planning.beside import Beside, Over
from staveworks.engine.dispatch.planning.certify import Bound
from staveworks.engine.dispatch.planning.improve import dive_into
from staveworks.engine.dispatch.planning.programme import Programme
from staveworks.engine.dispatch.planning.work import Work, begin
from staveworks.engine.dispatch.prices.ascent import Prices, no_prices
from staveworks.engine.dispatch.settled import open_part
from staveworks.engine.dispatch.watch import Watch
from tests.dispatching.drawing import random_problem

LONG_S = 1e6


def with_part_over(part: float, stop: Callable[[], bool] | None = None) -> Watch:
    return Watch(seconds=LONG_S, began=perf_counter() - part * LONG_S, stop=stop)


def some_work(watch: Watch) -> Work:
    """Seventy lines whose least lots are too large for what the hours leave."""
    drawn = random_problem(8, lines=70)
    lines, centres, able = drawn.lines, drawn.work_centres, drawn.capabilities
    problem = replace(
        drawn,
        fairness=None,
        lines=replace(lines, min_lot=0.8 * lines.quantity, max_lots=np.full(70, 2, np.int32)),
        work_centres=replace(centres, hours=10 * centres.hours),
        capabilities=replace(able, setup_hours=0 * able.setup_hours),
    )
    part = open_part(problem)
    return begin(part, index(problem), no_prices(problem), 1, watch)


def dived(watch: Watch) -> tuple[Work, float]:
    """The work after a dive, with the bound that all of it has shown."""
    work = some_work(watch)
    with Beside[Prices](1, watch) as beside:
        dive_into(work, np.flatnonzero(work.wanted.quantity > 0), 0, watch, beside)
        found = beside.join()
    return work, max(work.prices.bound, found.bound if found else -np.inf)


def test_what_is_proven_beside_a_plan_is_proven_after_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one thread the proof goes on when the hours are given out already."""
    monkeypatch.setattr(diving, "APART", 2)
    proven = []
    for threads in (1, 2):
        work = some_work(Watch())
        with Beside[Prices](threads, Watch()) as beside:
            dive_into(work, np.flatnonzero(work.wanted.quantity > 0), 0, Watch(), beside)
            before, found = work.prices.bound, beside.join()
        assert found
        assert found.bound > before
        proven.append(found.bound)
    assert proven[0] == proven[1]


def test_prices_are_looked_for_until_half_of_the_time_is_over() -> None:
    early, later = dived(with_part_over(0.4)), dived(with_part_over(0.6))
    assert later[1] == some_work(with_part_over(0.6)).prices.bound
    assert early[1] > later[1]


def test_in_the_last_fifth_of_the_time_a_dive_settles_all_that_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settled: list[str] = []
    for name in ("everything", "most_decided"):
        monkeypatch.setattr(diving, name, noted(settled, name, getattr(diving, name)))
    work, _ = dived(with_part_over(0.6))
    assert settled[0] == "most_decided"
    settled.clear()
    late, _ = dived(with_part_over(0.85))
    assert set(settled) == {"everything"}
    assert (work.plan.quantity > 0).any()
    assert (late.plan.quantity > 0).any()


def noted[**P, R](into: list[str], name: str, real: Callable[P, R]) -> Callable[P, R]:
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        into.append(name)
        return real(*args, **kwargs)

    return called


def test_a_dive_begins_once_its_programme_costs_hardly_more_than_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or after a few generations of prices, where many lots are short and nothing is proven for long."""
    begun: list[tuple[int, bool]] = []

    def recorded(programme: Programme, bound: Bound) -> Iterator[int]:
        made = 0
        for made in near(programme, bound):
            yield made
        begun.append((made, programme.value() <= 1.01 * bound.prices.bound))

    near = diving._until_near
    monkeypatch.setattr(diving, "_until_near", recorded)
    dived(Watch())
    short = generate(lines=100, shape="tail")
    work = begin(open_part(short), index(short), no_prices(short), 1, Watch())
    with Beside[Prices](1, Watch()) as beside:
        dive_into(work, np.flatnonzero(work.wanted.quantity > 0), 0, Watch(), beside)
    (few, there), (all_, far) = begun
    assert few < all_ == diving.APART == 4
    assert (there, far) == (True, False)


def test_who_stops_while_a_dive_looks_for_prices_keeps_the_plan_there_was() -> None:
    before = some_work(Watch()).plan
    work, _ = dived(Watch(stop=lambda: True))
    assert (work.plan.quantity == before.quantity).all()
    assert (dived(Watch())[0].plan.quantity != before.quantity).any()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_piece_beside_the_plan_ends_when_the_run_is_over(threads: int) -> None:
    asked: list[str] = []

    def stop() -> bool:
        asked.append(current_thread().name)
        return len(asked) > 2

    def piece(over: Over) -> str:
        while not over():
            pass
        return "ended"

    with Beside[str](threads, Watch(stop=stop)) as beside:
        beside.begin(piece, 1.0)
        assert beside.join() == "ended"
    assert set(asked) == {current_thread().name}, "who watches is asked by his own thread only"


def test_a_piece_ends_with_a_plan_that_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_beside_a_piece()


def fail_beside_a_piece() -> None:
    with Beside[None](2, Watch()) as beside:
        beside.begin(wait_for_the_end, 1.0)
        raise ZeroDivisionError


def wait_for_the_end(over: Over) -> None:
    while not over():
        pass


def test_with_one_thread_a_piece_is_done_at_once_if_time_is_limited_and_last_if_it_is_not() -> None:
    for watch, order in ((with_part_over(0), ["piece", "plan"]), (Watch(), ["plan", "piece"])):
        done: list[str] = []
        with Beside[None](1, watch) as beside:
            beside.begin(lambda over, done=done: done.append("piece"), 0.5)  # type: ignore[misc]
            done.append("plan")
            beside.join()
        assert done == order
