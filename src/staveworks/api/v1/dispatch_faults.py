"""What is wrong with a demand, for programs: in pointers into what they sent (RFC 9457), never by the rows of a sheet that they haven't."""

from staveworks.api.faults import kind_of
from staveworks.api.problems import Fault, Problem
from staveworks.api.reading import step
from staveworks.api.v1.dispatch_shapes import DemandFault, DemandIn, pointer_in
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_parsing import TABLES, strange_columns
from staveworks.mechanisms.dispatch.types.runs import ProblemFaulty

MOST_TOLD = 200
BESIDE = [table for table in TABLES if table != "lines"]
NO_TABLE = Text(
    zh="没有“{name}”这张表。可以有：{known}。", en="There is no table “{name}”; there may be: {known}."
)


def refuse_strange(body: DemandIn) -> None:
    """Raises ``Problem``: columns and tables that nobody knows would be dropped unseen."""
    faults = [Fault(text, pointer_in("lines", at, name)) for at, name, text in strange_columns(body.lines)]
    faults += [
        Fault(NO_TABLE.format(name=name[:40], known=", ".join(BESIDE)), f"/tables/{step(name)}")
        for name in body.tables
        if name not in BESIDE
    ]
    if faults:
        raise Problem(422, faults[0].detail, faults=tuple(faults[:MOST_TOLD]))


def faulty(error: ProblemFaulty) -> Problem:
    """Of a demand that was sent before: its faults stand beside ``errors``, which point into this body."""
    told = [DemandFault.of(each).model_dump(mode="json") for each in error.faults[:MOST_TOLD]]
    return Problem(
        422,
        error.text,
        kind=kind_of(ProblemFaulty),
        faults=(Fault(error.text, pointer="/demand"),),
        more={"faults": told},
    )
