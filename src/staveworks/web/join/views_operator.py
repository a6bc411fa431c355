"""The first person of a fresh installation, by the one-time link that ``staveworks run`` prints."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.foundation.parties.types import OperatorLinkUsed
from staveworks.foundation.parties.usecases.make_operator_link import (
    operator_link_is_live,
    use_operator_link,
)
from staveworks.kit.errors import StaveworksError
from staveworks.web.doors import door_public
from staveworks.web.join.forms import OperatorForm
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error


@door_public
def operator(request: HttpRequest, token: str) -> HttpResponse:
    """Sign up as the operator's first owner."""
    limited = ratelimit.consume_or_429(request, action="signup")
    if isinstance(limited, HttpResponse):
        return limited
    if not operator_link_is_live(token):
        raise OperatorLinkUsed
    form = OperatorForm(request.POST or None)
    status = 422 if request.POST else 200
    if form.is_valid():
        try:
            person = use_operator_link(
                token=token,
                name=form.cleaned_data["name"],
                contact=form.cleaned_data["contact"],
                password=form.cleaned_data["password"],
                organisation=form.cleaned_data["organisation"],
            )
        except OperatorLinkUsed:
            raise
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            return perform_login(request, Login(user=person, redirect_url="/"))  # type: ignore[no-any-return]
    return render(request, "join/operator.html", {"form": form}, status=status)
