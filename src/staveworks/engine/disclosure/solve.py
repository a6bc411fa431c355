"""The one door: which groups are shown."""

from collections import defaultdict
from collections.abc import Iterable

from staveworks.engine.disclosure.problem import Contribution, Group, Path, Problem
from staveworks.engine.disclosure.result import Result


def solve(problem: Problem) -> Result:
    """Keep what has not changed enough, make new groups of the rest from the bottom up, then keep what could not be renewed."""
    here = {each.firm: each for each in problem.contributions}
    alive = [
        group
        for group in problem.shown
        if group.firms <= here.keys() and len(group.members) >= problem.fewest
    ]
    kept = [group for group in alive if not _may_be_renewed(problem, group, alive, here)]
    held = _firms(kept)
    made, _ = _gather(problem, (), [each for each in problem.contributions if each.firm not in held])
    placed = held | _firms(made)
    for group in alive:
        if group not in kept and not group.firms & placed:
            kept.append(group)
            placed |= group.firms
    return Result(_ordered(kept), _ordered(made), frozenset(here.keys() - placed))


def _firms(groups: Iterable[Group]) -> set[str]:
    return {firm for group in groups for firm in group.firms}


def _ordered(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (group.node, group.members)))


def _is_new(problem: Problem, contribution: Contribution) -> bool:
    return (contribution.firm, contribution.value) not in problem.used


def _enough(problem: Problem, contributions: Iterable[Contribution]) -> bool:
    return sum(_is_new(problem, each) for each in contributions) >= problem.fewest


def _may_be_renewed(
    problem: Problem, group: Group, alive: list[Group], here: dict[str, Contribution]
) -> bool:
    """Whether the group's own firms and newcomers below its node, in no other group, bring enough that is new."""
    others = _firms(each for each in alive if each is not group)
    depth = len(group.node)
    candidates = [
        each
        for each in here.values()
        if each.path[:depth] == group.node and (each.firm in group.firms or each.firm not in others)
    ]
    return _enough(problem, candidates)


def _gather(
    problem: Problem, node: Path, contributions: list[Contribution]
) -> tuple[list[Group], list[Contribution]]:
    """The groups that can be made at and below a node, and those who are too few there."""
    depth = len(node)
    below: dict[str, list[Contribution]] = defaultdict(list)
    rest: list[Contribution] = []
    for each in contributions:
        if len(each.path) > depth:
            below[each.path[depth]].append(each)
        else:
            rest.append(each)
    groups: list[Group] = []
    for key in sorted(below):
        made, left = _gather(problem, (*node, key), below[key])
        groups += made
        rest += left
    if _enough(problem, rest):
        return [*groups, Group.of(node, rest)], []
    if rest and groups and depth in problem.joining:
        return _joined(node, groups, rest), []
    return groups, rest


def _joined(node: Path, groups: list[Group], rest: list[Contribution]) -> list[Group]:
    """The rest together with the smallest group below the node."""
    smallest = min(groups, key=lambda group: (len(group.members), group.node))
    members = [*smallest.members, *((each.firm, each.value) for each in rest)]
    return [*(group for group in groups if group is not smallest), Group(node, tuple(sorted(members)))]
