"""Which groups of firms may be published, and what of them. Pure; import from here only."""

from staveworks.engine.disclosure.check import faults_of
from staveworks.engine.disclosure.problem import FEWEST, Contribution, Group, Path, Problem, Value
from staveworks.engine.disclosure.result import Result
from staveworks.engine.disclosure.solve import solve
from staveworks.engine.disclosure.summary import LEAST, MOST, Summary, summarise

__all__ = [
    "FEWEST",
    "LEAST",
    "MOST",
    "Contribution",
    "Group",
    "Path",
    "Problem",
    "Result",
    "Summary",
    "Value",
    "faults_of",
    "solve",
    "summarise",
]
