"""Which firm makes what, when: lines of orders over the free hours of many cities, with a certified bound. Pure; import from here only."""

from staveworks.engine.dispatch.check import Broken, Verdict, broken_rules, check_plan, lower_bound, recount
from staveworks.engine.dispatch.compare import Difference, Effect, FirmChange, compare, effect
from staveworks.engine.dispatch.greedy import greedy
from staveworks.engine.dispatch.markets.lost import NotSolved
from staveworks.engine.dispatch.problem import Problem
from staveworks.engine.dispatch.reading import BadProblem, Fault, read_problem
from staveworks.engine.dispatch.result import Allocations, Costs, LineOutcomes, Result
from staveworks.engine.dispatch.solve import solve
from staveworks.engine.dispatch.stored import read_result
from staveworks.engine.dispatch.watch import Progress
from staveworks.engine.dispatch.why import (
    SENTENCES,
    WHY,
    Change,
    FirmWhy,
    LineWhy,
    OfferWhy,
    PairWhy,
    Staves,
    explain_firm,
    explain_line,
    explain_pair,
    find_staves,
    why_lines,
)
from staveworks.engine.dispatch.writing import write_result

__all__ = [
    "SENTENCES",
    "WHY",
    "Allocations",
    "BadProblem",
    "Broken",
    "Change",
    "Costs",
    "Difference",
    "Effect",
    "Fault",
    "FirmChange",
    "FirmWhy",
    "LineOutcomes",
    "LineWhy",
    "NotSolved",
    "OfferWhy",
    "PairWhy",
    "Problem",
    "Progress",
    "Result",
    "Staves",
    "Verdict",
    "broken_rules",
    "check_plan",
    "compare",
    "effect",
    "explain_firm",
    "explain_line",
    "explain_pair",
    "find_staves",
    "greedy",
    "lower_bound",
    "read_problem",
    "read_result",
    "recount",
    "solve",
    "why_lines",
    "write_result",
]
