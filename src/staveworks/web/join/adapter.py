"""What allauth asks of us: where phones are kept, and how codes and notices leave."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from staveworks.foundation.parties.models import Person
from staveworks.web.join.fields import PhoneField
from staveworks.web.join.mails import CODE_SMS, MAILS, UNKNOWN_SMS, Mail
from staveworks.web.join.messenger import send
from staveworks.web.words import words


class PeopleAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": words("邮箱或密码不对。", "The e-mail address or the password is wrong."),
        "phone_password_mismatch": words("手机号或密码不对。", "The phone number or the password is wrong."),
        "invalid_login": words("请填手机号或邮箱。", "Enter a phone number or an e-mail address."),
        "incorrect_code": words(
            "验证码不对。请看最新的一条。", "The code is wrong. Look at the latest message."
        ),
        "incorrect_password": words("密码不对。", "The password is wrong."),
        "enter_current_password": words("现在的密码不对。", "The current password is wrong."),
        "too_many_login_attempts": words("试得太多了，请稍后再来。", "Too many attempts. Come back later."),
        "rate_limited": words("发得太多了，请稍后再来。", "Too many requests. Come back later."),
        "email_taken": words("这个邮箱已有人用。", "This e-mail address is taken."),
        "phone_taken": words("这个手机号已有人用。", "This phone number is taken."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One line for each of the few mails that our addresses can cause; what is not listed isn't sent."""
        mail: Mail | None = MAILS.get(template_prefix.rpartition("/")[2])
        if mail:
            send(email, mail.text.format(code=context.get("code", "")), subject=mail.subject)

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        send(phone, CODE_SMS.format(code=code))

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        send(phone, UNKNOWN_SMS)

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        Person.objects.filter(pk=user.pk).update(phone=phone, phone_verified=verified)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Any, phone: str) -> None:
        Person.objects.filter(pk=user.pk, phone=phone).update(phone_verified=True)

    def get_user_by_phone(self, phone: str) -> Person | None:
        return Person.objects.filter(phone=phone, is_active=True, service=False).first()
