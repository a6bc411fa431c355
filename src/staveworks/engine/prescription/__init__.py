"""What to buy: the offers that raise a firm's water level most within a budget. Pure; import from here only."""

from staveworks.engine.prescription.check import check_prescription
from staveworks.engine.prescription.explain import explain_chosen, explain_unchosen
from staveworks.engine.prescription.heights import TIE, Reached, reach
from staveworks.engine.prescription.problem import Effect, Offer, Plank, Problem, Voucher, net_of
from staveworks.engine.prescription.reading import read_problem
from staveworks.engine.prescription.result import Chosen, FrontierPoint, Prescription, Unchosen
from staveworks.engine.prescription.solve import frontier, prescribe
from staveworks.engine.prescription.views import frontier_json, prescription_json

__all__ = [
    "TIE",
    "Chosen",
    "Effect",
    "FrontierPoint",
    "Offer",
    "Plank",
    "Prescription",
    "Problem",
    "Reached",
    "Unchosen",
    "Voucher",
    "check_prescription",
    "explain_chosen",
    "explain_unchosen",
    "frontier",
    "frontier_json",
    "net_of",
    "prescribe",
    "prescription_json",
    "reach",
    "read_problem",
]
