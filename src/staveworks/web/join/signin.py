"""Sign-in and sign-up: one form each. Without a password a code is sent."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.account.internal import flows
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.core.internal.httpkit import headed_redirect_response
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.usecases.register_person import register_person
from staveworks.kit.errors import Invalid
from staveworks.web.join.fields import CodeField, ContactField
from staveworks.web.join.outside.places import places
from staveworks.web.words import error_words, words


class SignInForm(LoginForm):
    """Phone or e-mail, and a password where there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=words("手机号或邮箱", "Phone or e-mail"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "inputmode": "email", "autofocus": True}
            ),
        )

    def _setup_password_field(self) -> None:
        self.fields["password"] = forms.CharField(
            label=words("密码", "Password"),
            required=False,
            max_length=256,
            help_text=words("没有密码就留空，我们发验证码。", "No password? Leave it empty; we send a code."),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )

    def clean_login(self) -> str:
        try:
            return contact_of(self.cleaned_data["login"]).address
        except Invalid as error:
            raise forms.ValidationError(error_words(error)) from error


class CodeForm(ConfirmLoginCodeForm):
    """The six digits from the message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField()


class SignInView(LoginView):
    form_class = SignInForm
    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"places": places()}


class SignUpForm(forms.Form):
    """Who she is, and how she will sign in."""

    name = forms.CharField(
        label=words("姓名", "Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact = ContactField()


def sign_up(request: HttpRequest) -> HttpResponse:
    """Register oneself. Whoever is registered already just gets a code: the answer is the same."""
    if request.user.is_authenticated:
        return redirect(_next(request) or "/")
    limited = ratelimit.consume_or_429(request, action="signup") if request.method == "POST" else None
    if isinstance(limited, HttpResponse):
        return limited
    form = SignUpForm(request.POST or None)
    if form.is_valid():
        return _register(request, form)
    return render(request, "account/signup.html", {"form": form, "next": _next(request)})


def _register(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    contact = form.cleaned_data["contact"]
    if not ratelimit.consume(request, action="request_login_code", key=contact.address):
        form.add_error("contact", words("发得太多了，请稍后再来。", "Too many requests. Come back later."))
        return render(request, "account/signup.html", {"form": form, "next": _next(request)}, status=429)
    person = register_person(name=form.cleaned_data["name"], contact=contact)
    flows.login_by_code.LoginCodeVerificationProcess.initiate(
        request=request, user=person, phone=contact.phone, email=contact.email
    )
    onwards = _next(request)
    query = {REDIRECT_FIELD_NAME: onwards} if onwards else None
    answer: HttpResponse = headed_redirect_response("account_confirm_login_code", query=query)
    return answer


def _next(request: HttpRequest) -> str:
    """Where she was going, if that is an address of ours."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""
