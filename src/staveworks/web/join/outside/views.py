"""Out to a place and back; a directory's form; linking and unlinking."""

import logging
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.internal.flows.connect import disconnect
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from requests import RequestException

from staveworks.kit.configuration.sign_in import SignIn
from staveworks.kit.errors import StaveworksError
from staveworks.web.join.outside.directory import look_up
from staveworks.web.join.outside.places import find_place
from staveworks.web.words import put_error, tell, words

log = logging.getLogger("staveworks.outside")
OAUTH2 = {"oidc", "wecom", "dingtalk"}
PROCESSES = {AuthProcess.LOGIN, AuthProcess.CONNECT}


def _place(place_id: str, *kinds: str) -> SignIn:
    place = find_place(place_id)
    if place is None or (kinds and place.kind not in kinds):
        raise Http404
    return place


def _provider(request: HttpRequest, place: SignIn) -> Any:
    return get_adapter(request).get_provider(request, place.id)


@never_cache
def start(request: HttpRequest, provider: str) -> HttpResponse:
    """Leave for the place. Only by a form: a link on somebody else's page must not start it."""
    place = _place(provider)
    if request.method != "POST":
        return redirect("account_login")
    process = request.POST.get("process", AuthProcess.LOGIN)
    if process not in PROCESSES or (process == AuthProcess.CONNECT and not request.user.is_authenticated):
        return redirect("account_login")
    if process == AuthProcess.CONNECT:
        raise_if_reauthentication_required(request, app="allauth.socialaccount")
    way = _provider(request, place)
    try:
        away: HttpResponse = way.redirect_from_request(request)
    except (RequestException, OAuth2Error) as error:
        log.warning("the place %s can't be reached", place.id, exc_info=error)
        stopped: HttpResponse = render_authentication_error(request, way, exception=error)
        return stopped
    url = away.headers.get("Location", "")
    if not url.startswith(("https://", "http://")):
        return away
    # Browsers hold a form's redirects against our form-action policy, which knows no place outside.
    return render(request, "outside/leave.html", {"url": url, "place": place})


@never_cache
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from a place that speaks OAuth 2."""
    place = _place(provider, *OAUTH2)
    adapter = _provider(request, place).get_oauth2_adapter(request)
    answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    return answer


class DirectoryForm(forms.Form):
    login = forms.CharField(
        label=words("账号", "Account"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=words("密码", "Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
def directory(request: HttpRequest, provider: str) -> HttpResponse:
    """Name and password of a directory."""
    place = _place(provider, "ldap")
    state = request.POST.get("state") or request.GET.get("state") or ""
    form = DirectoryForm(request.POST or None)
    if form.is_valid():
        limited = ratelimit.consume_or_429(request, action="login") or _too_often(request, form)
        if limited:
            return limited
        try:
            found = look_up(place, **form.cleaned_data)
        except StaveworksError as error:
            put_error(form, error)
        else:
            return _come_in(request, place, found, state)
    return render(request, "outside/directory.html", {"form": form, "place": place, "state": state})


def _too_often(request: HttpRequest, form: DirectoryForm) -> HttpResponse | None:
    """As many tries for one account as for one of ours."""
    key = form.cleaned_data["login"].lower()
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="login_failed", key=key)
    return limited


def _come_in(request: HttpRequest, place: SignIn, found: dict[str, str], state: str) -> HttpResponse:
    provider = _provider(request, place)
    login = provider.sociallogin_from_response(request, found)
    login.state = provider.unstash_redirect_state(request, state)
    answer: HttpResponse = complete_social_login(request, login)
    return answer


@csrf_exempt
def saml_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The assertion comes from the place's own page; it is signed, and answers a question of this browser (finish)."""
    _place(organization_slug, "saml")
    from allauth.socialaccount.providers.saml.views import acs

    if request.method != "POST":
        return redirect("account_login")
    answer: HttpResponse = acs(request, organization_slug=organization_slug)
    return answer


@never_cache
def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    _place(organization_slug, "saml")
    from allauth.socialaccount.providers.saml.views import finish_acs

    answer: HttpResponse = finish_acs(request, organization_slug=organization_slug)
    return answer


def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the place's administrator needs to know of us."""
    _place(organization_slug, "saml")
    from allauth.socialaccount.providers.saml.views import metadata

    answer: HttpResponse = metadata(request, organization_slug=organization_slug)
    return answer


def saml_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Named in the metadata; a session here ends here."""
    raise Http404


@require_POST
def unlink(request: HttpRequest, account: int) -> HttpResponse:
    """Take the link away; phone or e-mail still open the account. Who has neither keeps it."""
    linked = get_object_or_404(SocialAccount, pk=account, user=request.user)
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    person = linked.user
    others = SocialAccount.objects.filter(user=person).exclude(pk=linked.pk).exists()
    if not (others or person.phone or person.email):
        messages.error(
            request,
            tell(
                "这是您唯一的登录方式，请先填手机号或邮箱。",
                "It is your only way in: enter a phone or e-mail first.",
            ),
        )
    else:
        disconnect(request, linked)
    return redirect("profile")
