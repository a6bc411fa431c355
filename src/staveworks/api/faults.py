"""From whatever was raised to a problem: the five kinds of refusal, validation, the database, and our own faults."""

import logging
import re

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from staveworks.api.problems import RETRY_SECONDS, Fault, Problem
from staveworks.api.reading import step
from staveworks.api.validation import faults_of
from staveworks.foundation.parties.erasing import PersonNotFound, met_an_erased_person
from staveworks.foundation.parties.types import RightMissing
from staveworks.kit.errors import Busy, Invalid, NotAllowed, NotFound, Refused, StaveworksError
from staveworks.kit.text import Text

log = logging.getLogger("staveworks.api")
KINDS = {Invalid: 422, NotAllowed: 403, NotFound: 404, Refused: 409, Busy: 503}
PLAIN = {
    Http404: 404,
    PermissionDenied: 403,
    RequestDataTooBig: 413,
    SuspiciousOperation: 400,
    MultiPartParserError: 400,
    UnreadablePostError: 400,
}
MISSING = Text(zh="没有权限 {right}。", en="The right {right} is missing.")


def problem_of(error: BaseException, request: HttpRequest | None = None) -> Problem:
    """The problem that tells a caller about ``error``; what is our fault is logged under the request's reference.

    ``request``: where pointers lead into what it sent.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, StaveworksError):
        return _refusal(error)
    if isinstance(error, ValidationError):
        return Problem(422, faults=faults_of(error.errors, request))
    if isinstance(error, HttpError):  # django-ninja wraps what its parser raises
        return error.__cause__ if isinstance(error.__cause__, Problem) else Problem(error.status_code)
    if met_an_erased_person(error):
        return _refusal(PersonNotFound())
    if isinstance(error, (OperationalError, InterfaceError)):
        log.warning("database: %s", type(error.__cause__ or error).__name__)
        return _busy()
    for kind, status in PLAIN.items():
        if isinstance(error, kind):
            return Problem(status)
    return _our_fault(error)


def _refusal(error: StaveworksError) -> Problem:
    status = next(status for kind, status in KINDS.items() if isinstance(error, kind))
    if status == 503:
        return _busy()
    faults: tuple[Fault, ...] = ()
    if error.field:
        place = (
            {"parameter": error.field} if error.field[:1].isupper() else {"pointer": pointer_to(error.field)}
        )
        faults = (Fault(error.text, **place),)
    faults += tuple(Fault(text, parameter=thing) for thing, text in error.particulars)
    text = MISSING.format(right=error.right) if isinstance(error, RightMissing) else error.text
    return Problem(status, text, kind=kind_of(type(error)), faults=faults)


def pointer_to(field: str) -> str:
    """``price.tiers.1`` → ``/price/tiers/1`` (RFC 6901): the path of a field in what was sent."""
    return "".join(f"/{step(part)}" for part in field.split("."))


def kind_of(error: type[StaveworksError]) -> str | None:
    """``LastOwner`` → ``last-owner``; the five kinds themselves use their status's name."""
    if error in KINDS or error is StaveworksError:
        return None
    return re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def _busy() -> Problem:
    return Problem(503, headers={"Retry-After": str(RETRY_SECONDS)})


def _our_fault(error: BaseException) -> Problem:
    log.error("an operation failed", exc_info=error)
    return Problem(500)
