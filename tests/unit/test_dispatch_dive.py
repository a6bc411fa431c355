"""What a round of the dive settles, and the graph that markets are found in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from staveworks.engine.dispatch.markets.components import components
from staveworks.engine.dispatch.planning.decide import State, most_decided


def a_line(lots: int, allowed: int, largest: float) -> State:
    """Lots of one unit, and a path that isn't used; all but ``allowed`` are too many."""
    quantity = np.append(np.ones(lots), 0.0)
    many = np.arange(lots + 1) >= allowed
    many[lots] = False
    count = len(quantity)
    return State(
        row=np.zeros(count, np.int64),
        quantity=quantity,
        least=np.full(count, 0.1),
        largest=np.full(count, largest),
        small=np.zeros(count, bool),
        many=many,
    )


def test_a_line_whose_lots_are_full_loses_only_a_part_of_those_it_may_not_have_in_a_round() -> None:
    """Eight lots of at most 1.5 can't hold what 23 make: the rest would be rejected, whatever it costs."""
    now = a_line(lots=23, allowed=8, largest=1.5)
    up, down = most_decided(now)
    closed = down[now.used[down]]
    assert len(up) == 0
    assert len(closed) == 3
    assert now.many[closed].all()


def test_a_line_with_room_to_spare_loses_all_that_it_may_not_have_at_once() -> None:
    now = a_line(lots=5, allowed=4, largest=5.0)
    _, down = most_decided(now)
    assert down.tolist() == [4, 5]


@given(st.integers(1, 20), st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_parts_of_a_graph_are_what_edges_join_numbered_by_their_first_node(
    nodes: int, edges: list[tuple[int, int]]
) -> None:
    ends = [(one % nodes, other % nodes) for one, other in edges]
    part = list(range(nodes))
    for one, other in ends:
        joined = {part[one], part[other]}
        part = [min(joined) if each in joined else each for each in part]
    count, label = components(
        nodes, np.array([e[0] for e in ends], np.int64), np.array([e[1] for e in ends], np.int64)
    )
    order = sorted(set(part))
    assert count == len(order)
    assert label.tolist() == [order.index(each) for each in part]
