"""Papers to take away: what is asked of them, and how they are sent."""

from typing import Annotated, Literal

from django.http import HttpResponse
from pydantic import Field

from staveworks.api.language import language_now
from staveworks.api.shapes import In
from staveworks.cluster.barrel.report import Report, print_report
from staveworks.kit.printing import repr_digest

PDF = "application/pdf"


class PaperIn(In):
    language: Annotated[
        Literal["zh", "en"] | None, Field(description="Of the paper; absent: that of the request.")
    ] = None


def report_sent(report: Report, chosen: PaperIn) -> HttpResponse:
    """The report as PDF."""
    paper = print_report(report, chosen.language or language_now())
    return paper_sent(paper.content, f"report-{paper.number}.pdf")


def paper_sent(content: bytes, name: str, kind: str = PDF) -> HttpResponse:
    """A file with its digest (RFC 9530), never kept by caches."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Repr-Digest"] = repr_digest(content)
    response["Cache-Control"] = "no-store"
    return response
