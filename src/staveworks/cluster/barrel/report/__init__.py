"""The owner's report: what it says (``finding``), in which words (``words``, ``values``), and how it is printed."""

from staveworks.cluster.barrel.report.content import Report
from staveworks.cluster.barrel.report.finding import ReportNotFound, find_report
from staveworks.cluster.barrel.report.paper import Paper, print_report

__all__ = ["Paper", "Report", "ReportNotFound", "find_report", "print_report"]
