"""One's own account: name, phone, e-mail, password, second factor."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staveworks.foundation.parties.domain import Contact, digest_of, mask, new_code
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.usecases.change_person import change_contact as keep_contact
from staveworks.foundation.parties.usecases.change_person import rename_person
from staveworks.kit.configuration.sign_in import SignIn
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.join.fields import CodeField, ContactField
from staveworks.web.join.forms import strong_password
from staveworks.web.join.mails import MAILS
from staveworks.web.join.messenger import send
from staveworks.web.join.outside.places import places
from staveworks.web.words import put_error, tell, words

PENDING = "contact_to_confirm"
CODE_SECONDS = 600
CODE_ATTEMPTS = 5
FRESH_CODE_SECONDS = 600
"""Who signed in by a code so recently may set a password without the old one: that is how a lost one is replaced."""


class NameForm(forms.Form):
    name = forms.CharField(label=words("姓名", "Name"), max_length=80)


class NewContactForm(forms.Form):
    contact = ContactField(label=words("新的手机号或邮箱", "New phone or e-mail"))


class CodeForm(forms.Form):
    code = CodeField()


class PasswordForm(forms.Form):
    """The old password is asked for unless there is none, or a code proved her a moment ago."""

    old = forms.CharField(
        label=words("现在的密码", "Current password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=words("新密码", "New password"),
        help_text=words("至少 10 个字符，不要全是数字。", "At least 10 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: Person, *args: Any, ask_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not ask_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.person.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(words("现在的密码不对。", "The current password is wrong."))
        return str(self.cleaned_data["old"])

    def clean_new(self) -> str:
        return strong_password(self.cleaned_data["new"])


def security(request: HttpRequest) -> HttpResponse:
    """What she signs in with, and her name."""
    person = _person(request)
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        rename_person(person.id, name=form.cleaned_data["name"])
        messages.success(request, tell("已保存。", "Saved."))
        return redirect("profile")
    factors = Authenticator.objects.filter(user=person)
    return render(
        request,
        "join/security.html",
        {
            "form": form,
            "totp": factors.filter(type=Authenticator.Type.TOTP).exists(),
            "recovery": factors.filter(type=Authenticator.Type.RECOVERY_CODES).exists(),
            "has_password": person.has_usable_password(),
            "linked": _linked(person),
        },
    )


def _linked(person: Person) -> list[tuple[SignIn, SocialAccount | None]]:
    """Every place outside, with her account there if it is linked."""
    accounts = {account.provider: account for account in SocialAccount.objects.filter(user=person)}
    return [(place, accounts.get(place.id)) for place in places()]


def password(request: HttpRequest) -> HttpResponse:
    """Set or change the password."""
    person = _person(request)
    limited = (
        ratelimit.consume_or_429(request, action="change_password", user=person) if request.POST else None
    )
    if isinstance(limited, HttpResponse):
        return limited
    ask_old = person.has_usable_password() and not _proved_by_code(request, person)
    form = PasswordForm(person, request.POST or None, ask_old=ask_old)
    if form.is_valid():
        person.set_password(form.cleaned_data["new"])
        person.save(update_fields=["password"])
        update_session_auth_hash(request, person)
        _tell(person)
        messages.success(request, tell("密码已改。", "Password changed."))
        return redirect("profile")
    return render(request, "join/password.html", {"form": form, "has_password": person.has_usable_password()})


def _proved_by_code(request: HttpRequest, person: Person) -> bool:
    records = get_authentication_records(request, person)
    return any(
        record["method"] == "code" and time.time() - record["at"] < FRESH_CODE_SECONDS for record in records
    )


def _tell(person: Person) -> None:
    address = person.phone or person.email
    if address:
        notice = MAILS["password_changed"]
        send(address, notice.text, subject=notice.subject)


def change_contact(request: HttpRequest) -> HttpResponse:
    """Ask for the new phone or e-mail, and send a code there."""
    person = _person(request)
    raise_if_reauthentication_required(request, app="allauth.account")
    form = NewContactForm(request.POST or None)
    if form.is_valid():
        contact: Contact = form.cleaned_data["contact"]
        if not ratelimit.consume(request, action="change_phone", user=person):
            form.add_error(
                "contact", words("发得太多了，请稍后再来。", "Too many requests. Come back later.")
            )
        else:
            _send_code(request, contact)
            return redirect("confirm_contact")
    return render(request, "join/contact.html", {"form": form})


def _send_code(request: HttpRequest, contact: Contact) -> None:
    code = new_code()
    request.session[PENDING] = {
        "channel": contact.channel,
        "address": contact.address,
        "digest": digest_of(code),
        "until": time.time() + CODE_SECONDS,
        "left": CODE_ATTEMPTS,
    }
    text = Text(
        zh="【Staveworks】验证码 {code}，10 分钟内有效。",
        en="[Staveworks] Your code is {code}, valid for 10 minutes.",
    )
    send(contact.address, text.format(code=code), subject=MAILS["login_code"].subject)


def confirm_contact(request: HttpRequest) -> HttpResponse:
    """The code from the new phone or mailbox."""
    pending = request.session.get(PENDING)
    if not pending or pending["until"] < time.time() or pending["left"] < 1:
        request.session.pop(PENDING, None)
        return redirect("change_contact")
    form = CodeForm(request.POST or None)
    if form.is_valid() and _keeps(request, form, pending):
        messages.success(request, tell("已改好。", "Changed."))
        return redirect("profile")
    context = {"form": form, "address": mask(pending["address"])}
    return render(request, "join/contact_confirm.html", context)


def _keeps(request: HttpRequest, form: CodeForm, pending: dict[str, Any]) -> bool:
    if digest_of(form.cleaned_data["code"]) != pending["digest"]:
        request.session[PENDING] = {**pending, "left": pending["left"] - 1}
        form.add_error(
            "code", words("验证码不对。请看最新的一条。", "The code is wrong. Look at the latest message.")
        )
        return False
    try:
        keep_contact(_person(request).id, contact=Contact(pending["channel"], pending["address"]))
    except StaveworksError as error:
        put_error(form, error)
        return False
    del request.session[PENDING]
    return True


def _person(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    return person
