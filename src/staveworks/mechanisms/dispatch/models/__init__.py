"""All models of the room: Django finds them here."""

from staveworks.mechanisms.dispatch.models.centres import Capability, CentreCertificate, WorkCentre
from staveworks.mechanisms.dispatch.models.heat import HeatCell
from staveworks.mechanisms.dispatch.models.looks import CapacityLook, CapacityReading, LimitLifted
from staveworks.mechanisms.dispatch.models.runs import Answer, Demand, Inputs, Run, Share
from staveworks.mechanisms.dispatch.models.windows import Confirmation, WindowSheet, WindowStatement

__all__ = [
    "Answer",
    "Capability",
    "CapacityLook",
    "CapacityReading",
    "CentreCertificate",
    "Confirmation",
    "Demand",
    "HeatCell",
    "Inputs",
    "LimitLifted",
    "Run",
    "Share",
    "WindowSheet",
    "WindowStatement",
    "WorkCentre",
]
