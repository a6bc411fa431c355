"""How problems and answers are kept: tables as compressed JSON, answers as compressed arrays. The same bytes give the same problem."""

import hashlib
import io
import json
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch import BadProblem, Problem, Result, read_problem
from staveworks.engine.dispatch.result import Allocations, Costs, LineOutcomes, WithLots
from staveworks.mechanisms.dispatch.types.runs import FIRST_ROW, Fault, ProblemFaulty

Tables = Mapping[str, Any]
"""``problem`` → its settings, every other table → a list of rows, each a column → value."""


def pack(document: Any) -> bytes:
    return zlib.compress(canonical(document), 6)


def unpack(packed: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(packed))


def canonical(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def digest_of(tables: Tables) -> str:
    return hashlib.sha256(canonical(tables)).hexdigest()


def problem_of(tables: Tables) -> Problem:
    """Raises ``ProblemFaulty`` with every fault by table, row and column."""
    with tempfile.TemporaryDirectory(prefix="dispatch-") as folder:
        path = Path(folder) / "problem.json"
        path.write_bytes(canonical(tables))
        try:
            return read_problem(path, first_row=FIRST_ROW)
        except BadProblem as error:
            raise ProblemFaulty(
                [Fault(each.table, each.row, each.column, each.text, twin=each.twin) for each in error.faults]
            ) from None


def pack_result(result: Result) -> bytes:
    """The arrays of an answer; the rest of it beside them as JSON."""
    made, lines = result.allocations, result.lines
    rest = {
        "status": result.status,
        "objective": result.objective,
        "bound": result.bound,
        "proven_bound": result.proven_bound,
        "costs": asdict(result.costs),
        "seed": result.seed,
        "seconds": result.seconds,
    }
    arrays: dict[str, Any] = {f"with_lots_{name}": array for name, array in _with_lots(result).items()}
    file = io.BytesIO()
    np.savez_compressed(
        file,
        rest=np.frombuffer(json.dumps(rest).encode(), np.uint8),
        prices=result.prices,
        fairness_prices=result.fairness_prices,
        **arrays,
        **{f"made_{name}": getattr(made, name) for name in Allocations.__slots__},
        **{f"lines_{name}": getattr(lines, name) for name in LineOutcomes.__slots__},
    )
    return file.getvalue()


def unpack_result(packed: bytes | memoryview) -> Result:
    with np.load(io.BytesIO(bytes(packed)), allow_pickle=False) as arrays:
        rest = json.loads(arrays["rest"].tobytes())
        return Result(
            status=rest["status"],
            objective=rest["objective"],
            bound=rest["bound"],
            proven_bound=rest["proven_bound"],
            costs=Costs(**rest["costs"]),
            allocations=Allocations(*(arrays[f"made_{name}"] for name in Allocations.__slots__)),
            prices=arrays["prices"],
            fairness_prices=arrays["fairness_prices"],
            lines=LineOutcomes(*(arrays[f"lines_{name}"] for name in LineOutcomes.__slots__)),
            seed=rest["seed"],
            seconds=rest["seconds"],
            with_lots=WithLots(*(arrays[f"with_lots_{name}"] for name in WithLots.__slots__))
            if "with_lots_lots" in arrays
            else None,
        )


def _with_lots(result: Result) -> dict[str, NDArray[Any]]:
    other = result.with_lots
    return {name: getattr(other, name) for name in WithLots.__slots__} if other else {}


def digest_of_result(result: Result) -> str:
    """Of what is decided and what it rests on: the allocations and the prices, not how long it took."""
    made, digest = result.allocations, hashlib.sha256()
    for array in (
        made.line,
        made.lot,
        made.step,
        made.work_centre,
        made.bucket,
        made.quantity,
        result.prices,
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    for array in _with_lots(result).values():
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
