"""Layers and nearest spans, against looking at everything."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from staveworks.foundation.reservation.domain import is_free, layers, nearest
from staveworks.foundation.reservation.types import Ask
from staveworks.kit.spans import Span

START = datetime(2100, 3, 1, tzinfo=UTC)


def at(first: int, length: int) -> Span:
    begin = START + timedelta(hours=first)
    return Span(begin, begin + timedelta(hours=length))


SPANS = st.builds(at, st.integers(0, 20), st.integers(1, 6))
ASKS = st.lists(
    st.builds(Ask, st.sampled_from([UUID(int=1), UUID(int=2)]), st.just(1), SPANS | st.none()), max_size=12
)


@given(ASKS)
def test_no_two_asks_of_a_layer_overlap_and_there_are_no_more_layers_than_needed(asks: list[Ask]) -> None:
    found = layers(asks)
    for (one, layer), (other, its) in combinations(zip(asks, found, strict=True), 2):
        if one.resource_id == other.resource_id and one.during and other.during and layer == its:
            assert not one.during.overlaps(other.during)
    moments = [(ask.resource_id, ask.during.starts_at) for ask in asks if ask.during]
    most = max(
        (
            sum(
                ask.resource_id == resource
                and ask.during is not None
                and ask.during.starts_at <= moment < ask.during.ends_at
                for ask in asks
            )
            for resource, moment in moments
        ),
        default=1,
    )
    assert len(set(found)) <= most


@given(SPANS, st.lists(st.tuples(st.integers(1, 3), SPANS), max_size=8), st.integers(1, 3))
def test_the_nearest_free_spans_are_free_and_nothing_free_is_nearer(
    span: Span, taken: list[tuple[int, Span]], wanted: int
) -> None:
    within = at(0, 40)
    found = nearest(span, taken, units=3, wanted=wanted, within=within, most=1)
    every = [span.moved_to(START + timedelta(hours=number)) for number in range(40)]
    free = [
        abs(each.starts_at - span.starts_at)
        for each in every
        if each != span and within.holds(each) and is_free(each, taken, units=3, wanted=wanted)
    ]
    if is_free(span, taken, units=3, wanted=wanted):
        return  # then nobody asks for another
    assert all(is_free(each, taken, units=3, wanted=wanted) and within.holds(each) for each in found)
    assert [abs(each.starts_at - span.starts_at) for each in found] == ([min(free)] if free else [])
