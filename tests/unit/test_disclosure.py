"""Which groups may be shown: hand-made clusters, each small enough to see why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.disclosure import Contribution, Group, Problem, Result, faults_of, solve, summarise
from tests.unit.disclosure_attacks import DOMAIN, Publisher, as_published, quartiles


def firms(prefix: str, count: int, *path: str, value: float = 30.0) -> list[Contribution]:
    return [Contribution(f"{prefix}{number}", path, value + number / 100) for number in range(count)]


def shown(result: Result) -> dict[tuple[str, ...], int]:
    return {group.node: len(group.members) for group in result.groups}


def moved(contributions: list[Contribution], *names: str, by: float = 7.0) -> list[Contribution]:
    return [
        Contribution(each.firm, each.path, each.value + by) if each.firm in names else each
        for each in contributions
    ]


def without(contributions: list[Contribution], *names: str) -> list[Contribution]:
    return [each for each in contributions if each.firm not in names]


def test_five_firms_of_a_trade_are_a_group_and_four_are_not() -> None:
    assert shown(Publisher().publish(firms("a", 5, "shao", "ke", "weaving"))) == {
        ("shao", "ke", "weaving"): 5
    }
    result = Publisher().publish(firms("a", 4, "shao", "ke", "weaving"))
    assert (shown(result), len(result.left_out)) == ({}, 4)


def test_trades_that_are_too_small_stand_together_as_the_rest_of_their_district() -> None:
    found = (
        firms("w", 6, "shao", "ke", "weaving")
        + firms("k", 3, "shao", "ke", "knitting")
        + firms("h", 2, "shao", "ke", "home")
    )
    assert shown(Publisher().publish(found)) == {("shao", "ke", "weaving"): 6, ("shao", "ke"): 5}


def test_a_rest_that_is_too_small_goes_up_and_no_total_of_the_district_holds_it() -> None:
    """Six weavers and three knitters: a total of nine would give the three away."""
    found = firms("w", 6, "shao", "ke", "weaving") + firms("k", 3, "shao", "ke", "knitting")
    result = Publisher().publish(found)
    assert shown(result) == {("shao", "ke", "weaving"): 6}
    assert result.left_out == {"k0", "k1", "k2"}
    more = found + firms("x", 2, "shao", "yue", "dyeing")
    assert shown(Publisher().publish(more)) == {("shao", "ke", "weaving"): 6, ("shao",): 5}


def test_sizes_that_are_too_small_join_the_smallest_of_their_trade_so_that_the_trade_is_whole() -> None:
    weaving = ("shao", "ke", "weaving")
    found = (
        firms("m", 12, *weaving, "micro")
        + firms("s", 6, *weaving, "small")
        + firms("l", 2, *weaving, "large")
    )
    joined = Publisher(joining=frozenset({3})).publish(found)
    assert shown(joined) == {(*weaving, "micro"): 12, weaving: 8}
    assert shown(Publisher().publish(found)) == {(*weaving, "micro"): 12, (*weaving, "small"): 6}


def test_nothing_new_shows_the_same_again() -> None:
    publisher = Publisher()
    first = publisher.publish(firms("a", 7, "ke"))
    second = publisher.publish(firms("a", 7, "ke"))
    assert (second.kept, second.made) == (first.groups, ())


@pytest.mark.parametrize("newcomers", range(1, 5))
def test_fewer_than_five_newcomers_change_nothing(newcomers: int) -> None:
    publisher = Publisher()
    first = publisher.publish(firms("a", 7, "ke"))
    second = publisher.publish(firms("a", 7, "ke") + firms("n", newcomers, "ke"))
    assert second.groups == first.groups
    assert len(second.left_out) == newcomers


def test_five_newcomers_are_taken_in() -> None:
    publisher = Publisher()
    publisher.publish(firms("a", 7, "ke"))
    assert shown(publisher.publish(firms("a", 7, "ke") + firms("n", 5, "ke"))) == {("ke",): 12}


def test_four_changed_values_wait_for_the_fifth() -> None:
    publisher, found = Publisher(), firms("a", 9, "ke")
    first = publisher.publish(found)
    assert publisher.publish(moved(found, "a0", "a1", "a2", "a3")).groups == first.groups
    fifth = publisher.publish(moved(found, "a0", "a1", "a2", "a3", "a4"))
    assert dict(fifth.groups[0].members)["a0"] == pytest.approx(37.0)


def test_whoever_withdraws_is_out_and_her_group_with_her_until_five_values_are_new() -> None:
    publisher, found = Publisher(), firms("a", 9, "ke")
    publisher.publish(found)
    left = without(found, "a8")
    assert publisher.publish(left).groups == ()
    assert publisher.publish(moved(left, "a0", "a1", "a2", "a3")).groups == ()
    back = publisher.publish(moved(left, "a0", "a1", "a2", "a3", "a4"))
    assert shown(back) == {("ke",): 8}
    assert "a8" not in back.groups[0].firms


def test_the_other_groups_stay_when_one_goes_dark() -> None:
    publisher = Publisher()
    weavers, dyers = firms("w", 6, "ke", "weaving"), firms("d", 6, "ke", "dyeing")
    publisher.publish(weavers + dyers)
    assert shown(publisher.publish(without(weavers, "w0") + dyers)) == {("ke", "dyeing"): 6}


def test_a_firm_that_moves_stays_where_it_was_shown_until_enough_is_new_there() -> None:
    publisher = Publisher()
    here, there = firms("a", 6, "ke"), firms("b", 6, "sheng")
    publisher.publish(here + there)
    gone = [Contribution("a0", ("sheng",), here[0].value), *here[1:], *there]
    assert shown(publisher.publish(gone)) == {("ke",): 6, ("sheng",): 6}


def test_a_value_that_was_shown_before_is_not_new_when_it_comes_back() -> None:
    publisher, found = Publisher(), firms("a", 6, "ke")
    names = [each.firm for each in found]
    publisher.publish(found)
    publisher.publish(moved(found, *names))
    third = publisher.publish(found)
    assert dict(third.groups[0].members)["a0"] == pytest.approx(37.0), "kept as it was shown last"


def test_what_is_said_is_in_fives_whole_and_coded_at_the_ends() -> None:
    zeros = Group.of((), firms("z", 9, value=0.0))
    assert as_published(summarise([zeros])) == (5, 10, 10, 10)
    full = Group.of((), [Contribution(f"f{n}", (), 100.0) for n in range(5)])
    assert as_published(summarise([full])) == (5, 90, 90, 90)
    both = summarise([zeros, full])
    assert as_published(both) == (10, 10, 10, 90)
    with pytest.raises(ValueError, match="fewer than five"):
        summarise([Group.of((), firms("x", 4))])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=5, max_size=40))
def test_quartiles_are_those_that_everybody_else_computes(values: list[float]) -> None:
    group = Group.of((), [Contribution(f"f{n:02}", (), value) for n, value in enumerate(values)])
    said, other = as_published(summarise([group])), quartiles(values)
    assert all(abs(one - two) <= 1 for one, two in zip(said, other, strict=True)), (
        "but for the last bit of a half"
    )
    assert said[0] == other[0]


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (lambda groups, left: Result(groups, groups, left), "in two groups"),
        (lambda groups, left: Result((), groups, left | {"nobody"}), "not all who contribute"),
        (lambda groups, left: Result((Group(("x",), groups[0].members),), (), left), "never shown"),
        (lambda groups, left: Result((), (Group(("ke",), groups[0].members[:4]),), left), "only 4 firms"),
        (
            lambda groups, left: Result((), (Group(("ke",), (*groups[0].members[-5:], ("zz", 3.0))),), left),
            "no longer contributes",
        ),
    ],
)
def test_the_check_sees_what_is_wrong(result: object, fault: str) -> None:
    found = firms("a", 6, "ke")
    problem = Problem(tuple(found))
    right = solve(problem)
    assert faults_of(problem, right) == []
    wrong = result(right.made, right.left_out)  # type: ignore[operator]
    assert any(fault in each for each in faults_of(problem, wrong))


def test_the_check_sees_a_group_renewed_too_early() -> None:
    found = firms("a", 6, "ke")
    shown_before = Group.of(("ke",), found)
    problem = Problem(tuple(found[1:]), (shown_before,), frozenset(shown_before.members))
    early = Result((), (Group.of(("ke",), found[1:]),), frozenset())
    assert any("only 0 new values" in each for each in faults_of(problem, early))


def test_the_domain_of_the_attacks_has_two_values_at_each_coded_end() -> None:
    assert sum(value <= 10 for value in DOMAIN) >= 2
    assert sum(value >= 90 for value in DOMAIN) >= 2
