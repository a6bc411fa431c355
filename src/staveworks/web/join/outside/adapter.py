"""Who may come in by an account from outside, and as whom."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from staveworks.foundation.parties.models import Person
from staveworks.kit.configuration.sign_in import SignIn
from staveworks.web.join.mails import MAILS
from staveworks.web.join.messenger import send
from staveworks.web.join.outside.places import app_of, find_place, places


class OutsideAdapter(DefaultSocialAccountAdapter):
    """An account from outside opens the account here that it is linked to. Never an organisation: nobody is in one by it.

    An unknown one makes a new account where the place admits newcomers. It never opens somebody else's by an e-mail address,
    unless the operator trusts what the place says of addresses.
    """

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        if provider and (exact := find_place(provider)):
            return [app_of(exact)]
        return [app_of(place) for place in places() if provider in (None, place.kind)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        expected = sociallogin.state.get("nonce")
        if expected is not None and getattr(sociallogin, "nonce", None) != expected:
            raise PermissionDenied
        place = find_place(sociallogin.account.provider)
        assert place is not None
        if sociallogin.state.get("process") != AuthProcess.CONNECT and not sociallogin.is_existing:
            self._newcomer(request, sociallogin, place)
        sociallogin.email_addresses = []  # ours stand with the person

    def _newcomer(self, request: HttpRequest, login: SocialLogin, place: SignIn) -> None:
        address = verified_address(login)
        holder = Person.objects.filter(email=address, service=False).first() if address else None
        if holder and not place.trusts_email:
            raise ImmediateHttpResponse(_told(request, place, "known"))
        if holder and not holder.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if holder:
            login.connect(request, holder)
        elif not place.newcomers:
            raise ImmediateHttpResponse(_told(request, place, "unknown"))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        person: Person = sociallogin.user
        given = " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        name = data.get("name") or given or data.get("username") or sociallogin.account.uid
        person.name = str(name).strip()[:80]
        person.email = verified_address(sociallogin)
        person.joined_at = timezone.now()  # known before it is saved: allauth may put it into the session
        return person

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        person: Person = sociallogin.user
        person.set_unusable_password()
        sociallogin.save(request)
        return person

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        place = find_place(provider.sub_id)
        why = "cancelled" if error == AuthError.CANCELLED else "failed"
        raise ImmediateHttpResponse(_told(request, place, why))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("profile")

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: Any = None, email: str | None = None
    ) -> None:
        """A linked or unlinked account is told to whom it concerns."""
        mail = MAILS.get(template_prefix.rpartition("/")[2])
        address = user.phone or user.email
        if mail and address:
            send(address, mail.text, subject=mail.subject)


def verified_address(login: SocialLogin) -> str | None:
    """The e-mail address that the place says it has checked; others count nothing."""
    return next((each.email.lower() for each in login.email_addresses if each.verified), None)


STATUS = {"known": 409, "unknown": 403, "cancelled": 200, "failed": 401}


def _told(request: HttpRequest, place: SignIn | None, why: str) -> Any:
    return render(request, "outside/stopped.html", {"place": place, "why": why}, status=STATUS[why])
