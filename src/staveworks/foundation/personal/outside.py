"""The tables of allauth and Django that know a person: what of them an export gives, and how they are emptied."""

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models

from staveworks.db.personal import Personal, about
from staveworks.foundation.parties.erasing import Gone

OUTSIDE: Mapping[type[models.Model], Personal] = {
    UserSession: about(
        "登录的设备", "Signed-in devices", "user_id", shows="ip user_agent created_at last_seen_at"
    ),
    SocialAccount: about(
        "外部账号", "Outside accounts", "user_id", shows="provider uid extra_data last_login date_joined"
    ),
    EmailAddress: about("登录邮箱", "E-mail addresses", "user_id", shows="email verified primary"),
    Authenticator: about("第二道保护", "Second factors", "user_id", shows="type created_at last_used_at"),
}


def erase_outside(gone: Gone) -> int:
    """How many rows went. Sessions end with them."""
    keys = list(UserSession.objects.filter(user_id=gone.id).values_list("session_key", flat=True))
    count = Session.objects.filter(session_key__in=keys).delete()[0]
    return count + sum(model._default_manager.filter(user_id=gone.id).delete()[0] for model in OUTSIDE)
