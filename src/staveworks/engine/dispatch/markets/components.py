"""The connected parts of a graph, in NumPy: loading a library for it would take longer than most problems do."""

import numpy as np

from staveworks.engine.dispatch.network import Longs


def components(nodes: int, one: Longs, other: Longs) -> tuple[int, Longs]:
    """How many there are, and each node's; numbered by their first node. Edges go from ``one`` to ``other``."""
    first = np.arange(nodes)
    while True:
        here, there = first[one], first[other]
        apart = here != there
        if not apart.any():
            break
        np.minimum.at(first, np.maximum(here, there)[apart], np.minimum(here, there)[apart])
        while (further := first[first]).tobytes() != first.tobytes():
            first = further
    roots, label = np.unique(first, return_inverse=True)
    return len(roots), label.astype(np.int64)
