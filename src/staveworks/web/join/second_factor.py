"""The second factor: the forms of allauth with this house's words, and what follows on turning it on."""

from typing import Any, ClassVar

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse

from staveworks.web.join.fields import CodeField
from staveworks.web.words import words

CODE_OR_RECOVERY = words("口令或恢复码", "Code or recovery code")


class FactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": words(
            "口令不对。验证器的数字每 30 秒换一次，请输入最新的；一直不对，请核对手机时间。",
            "That code is wrong. The app’s digits change every 30 seconds: type the latest; if they keep being wrong, check your phone’s clock.",
        ),
    }


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(
            label=words("验证器显示的六位数字", "The six digits that the app shows"),
            autofocus=False,
        )


class FactorForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(label=CODE_OR_RECOVERY, numeric=False)


class FactorAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(label=CODE_OR_RECOVERY, numeric=False)


class ActivateView(ActivateTOTPView):
    """Whoever turns it on has just typed a code of it: the page of recovery codes, which comes next, doesn't ask for another."""

    def form_valid(self, form: ActivateForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        record_authentication(
            self.request,
            authenticated_user(self.request),
            method="mfa",
            type="totp",
            reauthenticated=True,
        )
        return answer
