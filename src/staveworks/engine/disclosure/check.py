"""Holds a result against the rules, on its own: what the solver decided is not asked, only what came out."""

from staveworks.engine.disclosure.problem import Group, Problem
from staveworks.engine.disclosure.result import Result


def faults_of(problem: Problem, result: Result) -> list[str]:
    """What is wrong with a result, in words; empty where nothing is."""
    now = {each.firm: each for each in problem.contributions}
    faults: list[str] = []
    seen: set[str] = set()
    for group in (*result.kept, *result.made):
        firms = [firm for firm, _ in group.members]
        if len(firms) < problem.fewest:
            faults.append(f"{group.node}: only {len(firms)} firms")
        if seen.intersection(firms):
            faults.append(f"{group.node}: a firm is in two groups")
        seen.update(firms)
        if not set(firms) <= set(now):
            faults.append(f"{group.node}: a firm that no longer contributes")
    faults += [f"{group.node}: kept, but never shown" for group in result.kept if group not in problem.shown]
    for group in result.made:
        faults += _faults_of_new(problem, group)
    if seen & result.left_out or seen | result.left_out != set(now):
        faults.append("the firms in groups and those left out are not all who contribute")
    return faults


def _faults_of_new(problem: Problem, group: Group) -> list[str]:
    now = {each.firm: each for each in problem.contributions}
    faults = []
    new = [pair for pair in group.members if pair not in problem.used]
    if len(new) < problem.fewest:
        faults.append(f"{group.node}: only {len(new)} new values")
    for firm, value in group.members:
        there = now.get(firm)
        if there is not None and (there.value != value or there.path[: len(group.node)] != group.node):
            faults.append(f"{group.node}: {firm} is not there with this value")
    return faults
