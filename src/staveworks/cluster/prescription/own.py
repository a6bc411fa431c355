"""A firm's own barrel as the question of what to buy begins with it: without offers and without a budget."""

from staveworks.cluster.barrel.current import find_current
from staveworks.cluster.prescription.domain import firm_document
from staveworks.engine.prescription import Problem, read_problem
from staveworks.foundation.parties.types import Actor


def find_own_problem(actor: Actor) -> Problem | None:
    """None before it has one, and for whoever may not see it."""
    current = find_current(actor) if actor.may("barrel.read") else None
    if current is None:
        return None
    firm = firm_document(current.card, current.bearing)
    return read_problem(firm, [], budget_fen=0, kinds={}) if firm["planks"] else None
