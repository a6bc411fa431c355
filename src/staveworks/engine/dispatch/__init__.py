"""Which firm makes what, when: lines of orders over the free hours of many cities, with a certified bound. Pure; import from here only."""

from staveworks.engine.dispatch.problem import Problem
from staveworks.engine.dispatch.reading import BadProblem, Fault, read_problem
from staveworks.engine.dispatch.result import Result

__all__ = ["BadProblem", "Fault", "Problem", "Result", "read_problem"]
