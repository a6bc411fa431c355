"""The owner's report: the page that offers it in both languages with its digests, and the PDF itself."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.report import Report, ReportNotFound, find_report, print_report
from staveworks.kit.text import Language
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.papers import asked_language, paper_response

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@door("barrel.read")
def report(request: HttpRequest) -> HttpResponse:
    """Both languages side by side: number, digest, download."""
    try:
        found = find_report(actor_of(request))
    except ReportNotFound:
        return render(request, "diagnose/report_empty.html")
    papers = [(language, print_report(found, language)) for language in LANGUAGES]
    return render(request, "diagnose/report.html", {"report": found, "papers": papers})


@door("barrel.read")
def report_pdf(request: HttpRequest) -> HttpResponse:
    """Of the firm's current barrel."""
    return pdf_of(find_report(actor_of(request)), asked_language(request))


@door("assessment.read")
def assessment_pdf(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Of one assessment of the firm, also an earlier one or one by another standard."""
    return pdf_of(find_report(actor_of(request), assessment_id=assessment), asked_language(request))


def pdf_of(found: Report, language: Language) -> HttpResponse:
    paper = print_report(found, language)
    return paper_response(paper.content, paper.name)
