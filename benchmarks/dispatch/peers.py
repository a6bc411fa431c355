"""One solver on one problem, in a process of its own, so that its memory can be measured.

    python -m benchmarks.dispatch.peers SOLVER PROBLEM SECONDS

PROBLEM is ``lines:operations:shape:seed`` or a folder. Prints one JSON object: objective, bound (null where there is none), seconds without
making the problem, and the most memory.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import highspy
from ortools.linear_solver.python import model_builder

from benchmarks.dispatch.generate import generate
from benchmarks.dispatch.model import build
from staveworks.engine.dispatch import Problem, check_plan, greedy, read_problem, solve

type Answer = dict[str, float | str | None]

THREADS = 2
WHOLE = f"num_workers: {THREADS} mip_var_scaling: 1000"
"""CP-SAT knows whole numbers only: quantities are counted in thousandths."""


def staveworks(problem: Problem, seconds: float) -> Answer:
    result = solve(problem, seconds=seconds, threads=THREADS)
    broken = check_plan(problem, result).broken
    assert not broken, broken
    return {"objective": result.objective, "bound": result.proven_bound}


def by_due_date(problem: Problem, seconds: float) -> Answer:
    return {"objective": greedy(problem).objective, "bound": None}


def highs(problem: Problem, seconds: float, *, lots: bool) -> Answer:
    began = time.perf_counter()
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(build(problem, lots=lots))
    solver.setOptionValue("time_limit", max(0.1, seconds - (time.perf_counter() - began)))
    solver.setOptionValue("threads", THREADS)
    solver.run()
    info, status = solver.getInfo(), solver.modelStatusToString(solver.getModelStatus())
    found = info.primal_solution_status == 2  # feasible
    if lots:
        return {"objective": info.objective_function_value if found else None, "bound": info.mip_dual_bound}
    value = info.objective_function_value if status == "Optimal" else None
    return {"objective": None, "bound": value}


def ortools(problem: Problem, seconds: float, *, name: str, lots: bool) -> Answer:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "model.mps")
        writer = highspy.Highs()
        writer.silent()
        writer.passModel(build(problem, lots=lots))
        writer.writeModel(file)
        model = model_builder.ModelBuilder()
        model.import_from_mps_file(file)
    solver = model_builder.Solver(name)
    solver.set_time_limit_in_seconds(max(0.1, seconds - (time.perf_counter() - began)))
    if name != "glop":
        solver.set_solver_specific_parameters(WHOLE if lots else f"num_threads: {THREADS}")
    status = solver.solve(model)
    if lots:  # its bound holds for whole thousandths only
        found = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
        return {"objective": solver.objective_value if found else None, "bound": None}
    optimal = status == model_builder.SolveStatus.OPTIMAL
    return {"objective": None, "bound": solver.objective_value if optimal else None}


SOLVERS: dict[str, Callable[[Problem, float], Answer]] = {
    "staveworks": staveworks,
    "greedy": by_due_date,
    "GLOP (LP)": lambda problem, seconds: ortools(problem, seconds, name="glop", lots=False),
    "PDLP (LP)": lambda problem, seconds: ortools(problem, seconds, name="pdlp", lots=False),
    "HiGHS (LP)": lambda problem, seconds: highs(problem, seconds, lots=False),
    "HiGHS (MILP)": lambda problem, seconds: highs(problem, seconds, lots=True),
    "CP-SAT": lambda problem, seconds: ortools(problem, seconds, name="sat", lots=True),
}
GENERAL = ("staveworks", "greedy")
"""They know lines of more than one operation."""


def read(name: str) -> Problem:
    if ":" not in name:
        return read_problem(Path(name))
    lines, operations, shape, seed = name.split(":")
    return generate(int(lines), int(operations), shape, int(seed))


def main() -> None:
    solver, name, seconds = sys.argv[1:]
    problem = read(name)
    before, processor = time.perf_counter(), time.process_time()
    answer = SOLVERS[solver](problem, float(seconds))
    answer |= {"seconds": time.perf_counter() - before, "processor_s": time.process_time() - processor}
    answer["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
