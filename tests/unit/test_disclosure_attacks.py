"""No attack on the published groups finds a firm: not by subtracting, not by trying, not over several snapshots, not from inside.

Each attack is first let loose on a publisher that only leaves out cells below five (the control): there it succeeds.
"""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from staveworks.engine.disclosure import Contribution, summarise
from tests.unit.disclosure_attacks import (
    DOMAIN,
    Naive,
    Publisher,
    as_published,
    feasible,
    quartiles,
    smallest_support,
    tables,
)
from tests.unit.test_disclosure import firms, moved, without

CAREFUL = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
PLACES = (("a", "w"), ("a", "d"), ("b", "w"), ("b",), ())


@st.composite
def cluster(draw: st.DrawFn, most: int) -> list[Contribution]:
    """A small cluster: two districts, two trades, some firms of which less is known."""
    count = draw(st.integers(5, most))
    return [
        Contribution(f"f{n:02}", draw(st.sampled_from(PLACES)), draw(st.sampled_from(DOMAIN)))
        for n in range(count)
    ]


@st.composite
def history(draw: st.DrawFn, most: int, snapshots: int) -> list[list[Contribution]]:
    """Snapshots between which firms join, withdraw for good, are assessed anew, or move."""
    now = draw(cluster(most))
    found, gone, next_number = [now], set(), len(now)
    for _ in range(draw(st.integers(1, snapshots - 1))):
        later: list[Contribution] = []
        for each in now:
            what = draw(
                st.sampled_from(["stays", "stays", "stays", "changes", "changes", "withdraws", "moves"])
            )
            if what == "withdraws":
                gone.add(each.firm)
            elif what == "changes":
                later.append(replace(each, value=draw(st.sampled_from(DOMAIN))))
            elif what == "moves":
                later.append(replace(each, path=draw(st.sampled_from(PLACES))))
            else:
                later.append(each)
        for _ in range(draw(st.integers(0, 6))):
            later.append(
                Contribution(
                    f"f{next_number:02}", draw(st.sampled_from(PLACES)), draw(st.sampled_from(DOMAIN))
                )
            )
            next_number += 1
        now = later
        found.append(now)
    return found


class TestSubtracting:
    @CAREFUL
    @given(history(14, 3))
    def test_no_combination_of_published_sums_is_about_fewer_than_five_values(self, snapshots) -> None:
        publisher = Publisher(joining=frozenset({1}))
        for each in snapshots:
            publisher.publish(each)
        assert smallest_support(publisher.snapshots) is None

    def test_the_control_total_minus_parts(self) -> None:
        """Six weavers, one dyer: the district's total less the weavers is the dyer."""
        found = firms("w", 6, "ke", "w") + firms("d", 1, "ke", "d")
        naive, publisher = Naive(), Publisher()
        naive.publish(found)
        publisher.publish(found)
        assert smallest_support(naive.snapshots) == 1
        assert smallest_support(publisher.snapshots) is None

    def test_the_control_rows_and_columns(self) -> None:
        """Every cell below five left out, all totals shown: a district less its shown trades isolates two firms."""
        found = (
            firms("x", 6, "a", "w")
            + firms("y", 2, "a", "d")
            + firms("z", 6, "b", "w")
            + firms("v", 3, "b", "d")
        )
        naive, publisher = Naive(), Publisher()
        naive.publish(found)
        publisher.publish(found)
        assert smallest_support(naive.snapshots) == 2
        assert smallest_support(publisher.snapshots) is None

    @pytest.mark.parametrize("change", ["joins", "withdraws", "is assessed anew"])
    def test_the_control_one_firm_between_two_snapshots(self, change: str) -> None:
        before = firms("a", 7, "ke")
        after = {
            "joins": [*before, *firms("n", 1, "ke")],
            "withdraws": without(before, "a3"),
            "is assessed anew": moved(before, "a3"),
        }[change]
        naive, publisher = Naive(), Publisher()
        for each in (before, after):
            naive.publish(each)
            publisher.publish(each)
        assert smallest_support(naive.snapshots) in (1, 2)
        assert smallest_support(publisher.snapshots) is None

    def test_slowly_one_firm_after_the_other_over_ten_snapshots(self) -> None:
        """Somebody who makes one firm a month withdraw or join still never sees a difference of fewer than five."""
        publisher, now = Publisher(), firms("a", 12, "ke", "w") + firms("b", 9, "ke", "d")
        for month in range(10):
            publisher.publish(now)
            now = without(now, f"a{month}") + firms(f"n{month}", 1, "ke", "w" if month % 2 else "d")
            now = moved(now, f"b{month % 9}", by=month + 1)
        assert len(publisher.snapshots) == 10
        assert smallest_support(publisher.snapshots, most=2) is None
        for earlier, later in pairwise(publisher.snapshots):
            for group in later:
                new = set(group.members) - {pair for each in earlier for pair in each.members}
                assert not 0 < len(new) < 5


class TestTrying:
    @CAREFUL
    @given(history(9, 2))
    def test_every_firm_may_have_had_another_value(self, snapshots) -> None:
        publisher = Publisher(joining=frozenset({1}))
        for each in snapshots:
            publisher.publish(each)
        assume(any(publisher.snapshots))
        found = feasible(publisher.snapshots)
        assume(found is not None)
        assert found is not None
        assert [pairs for pairs, values in found.items() if len(values) < 2] == []

    @CAREFUL
    @given(cluster(9), st.data())
    def test_not_even_a_firm_that_knows_its_own_value_learns_anothers(self, found, data) -> None:
        publisher = Publisher(joining=frozenset({1}))
        publisher.publish(found)
        assume(any(publisher.snapshots))
        insider = data.draw(st.sampled_from([each.firm for each in found]))
        values = feasible(publisher.snapshots, known=insider)
        assume(values is not None)
        assert values is not None
        assert [pairs for pairs, few in values.items() if pairs[0][0] != insider and len(few) < 2] == []

    def test_the_control_the_sixth_firms_value_between_two_snapshots(self) -> None:
        """Of five firms the quartiles say 10 or less, 30, 90 or more. With a sixth the median is 43 = (30 + 55) / 2: its value."""
        five = [Contribution(f"f{n}", ("ke",), value) for n, value in enumerate((2.0, 7.0, 30.0, 93.0, 98.0))]
        naive, publisher = Naive(), Publisher()
        for each in (five, [*five, Contribution("g", ("ke",), 55.0)]):
            naive.publish(each)
            publisher.publish(each)
        known, hidden = feasible(naive.snapshots), feasible(publisher.snapshots)
        assert known is not None
        assert known[(("g", 55.0),)] == {55.0}, "found out"
        assert hidden is not None
        assert all(len(values) > 1 for values in hidden.values())
        assert "g" not in {pair[0] for pairs in hidden for pair in pairs}, "not shown at all yet"

    def test_what_the_attacker_takes_for_published_is_what_is_published(self) -> None:
        publisher = Publisher()
        publisher.publish(firms("a", 7, "ke", "w", value=20) + firms("b", 6, "ke", "d", value=60))
        for table in tables(publisher.snapshots[0]):
            values = [value for group in table for _, value in group.members]
            assert as_published(summarise(table)) == quartiles(values)
