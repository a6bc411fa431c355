"""Which firm makes what, when: lines of orders over the free hours of many cities, with a certified bound. Pure; import from here only."""

from staveworks.engine.dispatch.check import Broken, Verdict, check_plan, lower_bound, recount
from staveworks.engine.dispatch.greedy import greedy
from staveworks.engine.dispatch.problem import Problem
from staveworks.engine.dispatch.reading import BadProblem, Fault, read_problem
from staveworks.engine.dispatch.result import Allocations, Costs, LineOutcomes, Result
from staveworks.engine.dispatch.why import SENTENCES, WHY, why_lines

__all__ = [
    "SENTENCES",
    "WHY",
    "Allocations",
    "BadProblem",
    "Broken",
    "Costs",
    "Fault",
    "LineOutcomes",
    "Problem",
    "Result",
    "Verdict",
    "check_plan",
    "greedy",
    "lower_bound",
    "read_problem",
    "recount",
    "why_lines",
]
