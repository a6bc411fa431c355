"""Who is trained on a resource: the list, a form to record somebody, and ending a certificate earlier."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.booking.queries import access_bookable, list_certificates
from staveworks.mechanisms.booking.usecases.certify import certify_person, end_certificate
from staveworks.trade.orders.pricing import as_reader
from staveworks.web.asking import actor_of
from staveworks.web.deliver.trained_forms import EndForm, TrainedForm
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell


@door("line.serve")
def trained(request: HttpRequest, bookable: UUID) -> HttpResponse:
    """GET lists; POST records somebody."""
    actor = actor_of(request)
    resource = access_bookable(actor, resource_id=bookable)
    form = TrainedForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            certify_person(actor, resource_id=bookable, trained=form.trained())
        except StaveworksError as error:
            if error.field in ("phone", "email"):
                error.field = "contact"
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, tell("已登记，可以约了。", "Recorded; the person can be booked for."))
            return redirect("trained", bookable)
    today, found = timezone.localdate(), list_certificates(as_reader(actor), resource_id=bookable)
    shown = {
        "resource": resource,
        "form": form,
        "rows": [
            (each, each.good_on(today), each.ended_on is None and each.valid_until >= today) for each in found
        ],
        "good": sum(each.good_on(today) for each in found),
    }
    return render(request, "deliver/trained.html", shown, status=status)


@door("line.serve")
def end(request: HttpRequest, bookable: UUID, certificate: UUID) -> HttpResponse:
    """GET asks why; POST ends it."""
    actor = actor_of(request)
    resource = access_bookable(actor, resource_id=bookable)
    found = list_certificates(as_reader(actor), resource_id=bookable)
    one = next((each for each in found if each.id == certificate), None)
    if one is None:
        raise Http404
    form = EndForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            end_certificate(
                actor, resource_id=bookable, certificate_id=certificate, reason=form.cleaned_data["reason"]
            )
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(
                request,
                tell("已终止，从今天起不再有效。", "Ended; from today on it is good no more."),
            )
            return redirect("trained", bookable)
    shown = {"resource": resource, "one": one, "form": form}
    return render(request, "deliver/trained_end.html", shown, status=status)
