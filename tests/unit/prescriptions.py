"""Problems for the tests of the prescription, and what is best for them by trying every choice."""

import itertools
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Literal

from hypothesis import strategies as st

from staveworks.engine.prescription import TIE, Effect, Offer, Plank, Problem, Reached, Voucher, net_of, reach

STAVES, HOOPS = ("s1", "s2", "s3"), ("h1", "h2")
FLOOR: Literal["floor"] = "floor"
GAIN: Literal["gain"] = "gain"

heights = st.integers(0, 20).map(lambda n: 5.0 * n)
"""Steps of five make ties, which is where solvers go wrong."""

# Strategies are made here, once: made at each draw, their own checks took four fifths of the tests' time.
ratios = st.sampled_from([Decimal("0.3"), Decimal("0.5")])
effects = st.lists(
    st.builds(Effect, st.sampled_from(STAVES + HOOPS), st.sampled_from([FLOOR, GAIN]), heights), max_size=3
).map(tuple)
vouchers = (
    st.none()
    | st.builds(Voucher, ratios, st.integers(0, 9))
    | st.builds(Voucher, ratios, st.just(12), st.just("shared"))
)
families = st.none() | st.sampled_from(["a", "b"])
targets = st.sampled_from([0.0, 50.0, 80.0, 100.0])
strengths = st.sampled_from([1.0, 3.0])
holes = st.none() | heights


@cache
def offers(place: int) -> st.SearchStrategy[Offer]:
    """The offer at ``place``, which may require or exclude an earlier one."""
    earlier = st.lists(st.sampled_from([f"o{n}" for n in range(max(place, 1))]), max_size=1 if place else 0)
    return st.builds(
        Offer,
        id=st.just(f"o{place}"),
        price_fen=st.integers(0, 40),
        effects=effects,
        voucher=vouchers,
        family=families,
        requires=earlier.map(tuple),
        excludes=earlier.map(tuple),
        lead_time_days=st.integers(0, 3),
        capacity=st.sampled_from([None, None, None, 0, 1]),
    )


needed = st.builds(Plank, st.just("s1"), st.just("stave"), heights, st.just(100.0), hole=st.none())
"""One is."""
others = [
    st.builds(Plank, st.just(code), st.just("stave"), heights, targets, hole=holes) for code in STAVES[1:]
]
hoops = [st.builds(Plank, st.just(code), st.just("hoop"), heights, targets, strengths) for code in HOOPS]


@cache
def problems(most: int = 7) -> st.SearchStrategy[Problem]:
    return st.builds(
        Problem,
        planks=st.tuples(needed, *others, *hoops),
        offers=st.one_of([st.tuples(*map(offers, range(count))) for count in range(most + 1)]),
        budget_fen=st.integers(0, 120),
        objective=st.sampled_from(["level", "leximin"]),
        bearing=st.sampled_from(["mean", "minimum"]),
    )


def choices(problem: Problem, *, budget_fen: int | None = None) -> Iterator[tuple[Offer, ...]]:
    """Every choice that is allowed and paid for."""
    budget = problem.budget_fen if budget_fen is None else budget_fen
    for size in range(len(problem.offers) + 1):
        for choice in itertools.combinations(problem.offers, size):
            ids = {offer.id for offer in choice}
            families = [offer.family for offer in choice if offer.family]
            if (
                net_of(choice) <= budget
                and len(families) == len(set(families))
                and all(offer.capacity != 0 for offer in choice)
                and all(ids >= set(offer.requires) and not ids & set(offer.excludes) for offer in choice)
            ):
                yield choice


def best(problem: Problem, *, budget_fen: int | None = None) -> Reached:
    """By trying every choice: the highest, then the cheapest, then the soonest."""
    found = [reach(problem, choice) for choice in choices(problem, budget_fen=budget_fen)]
    for place in range(1 if problem.objective == "level" else len(found[0].vector)):
        top = max(each.vector[place] for each in found)
        found = [each for each in found if each.vector[place] >= top - TIE]
    return min(found, key=lambda each: (each.net_fen, each.lead_time_days))


def market(seed: int, count: int, *, objective: Literal["level", "leximin"] = "level") -> Problem:
    """A firm with ten planks before ``count`` offers, some over several planks, and money for a few of them."""
    chance = random.Random(seed)
    staves, hoops = [f"s{n}" for n in range(5)], [f"h{n}" for n in range(5)]
    planks = [Plank(code, "stave", chance.uniform(5, 70), chance.choice([100, 80, 60])) for code in staves]
    planks += [Plank(code, "hoop", chance.uniform(5, 70)) for code in hoops]
    made = []
    for place in range(count):
        touched = chance.sample(staves + hoops, chance.choice([1, 1, 1, 2, 3]))
        made.append(
            Offer(
                id=f"o{place}",
                price_fen=chance.randint(200_000, 20_000_000),
                effects=tuple(
                    Effect(code, FLOOR, chance.randint(30, 95))
                    if chance.random() < 0.45
                    else Effect(code, GAIN, chance.randint(2, 25))
                    for code in touched
                ),
                voucher=Voucher(Decimal("0.5"), 5_000_000) if chance.random() < 0.4 else None,
                family=f"f{chance.randint(0, count // 4)}" if chance.random() < 0.5 else None,
                requires=(f"o{chance.randrange(place)}",) if place and chance.random() < 0.08 else (),
                excludes=(f"o{chance.randrange(place)}",) if place and chance.random() < 0.05 else (),
                lead_time_days=chance.randint(1, 120),
                capacity=chance.choice([None, None, 5, 0]),
            )
        )
    budget = int(sum(offer.net_fen for offer in made) * 0.8 / count)
    return Problem(tuple(planks), tuple(made), budget, objective)
