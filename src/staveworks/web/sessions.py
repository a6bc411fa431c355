"""How long a sign-in lasts, and on which devices somebody is signed in."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from staveworks.foundation.parties.erasing import met_an_erased_person
from staveworks.foundation.parties.models import Person
from staveworks.kit.text import Text
from staveworks.web.words import tell

Respond = Callable[[HttpRequest], HttpResponse]
SINCE, SEEN = "signed_in_at", "seen_at"
NOTED_EVERY_S = 300
"""Writing down each request would cost more than it tells."""


class SessionAgeMiddleware:
    """Ends a sign-in that was idle too long, or has lasted its time however busy; notes now and then that it is used."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            try:
                self._look_at(request)
            except IntegrityError as error:
                if not met_an_erased_person(error):
                    raise
                return end_erased(request)
        return self.respond(request)

    def _look_at(self, request: HttpRequest) -> None:
        now = time.time()
        since, seen = request.session.get(SINCE, now), request.session.get(SEEN, now)
        if now - since > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            UserSession.objects.filter(session_key=request.session.session_key).delete()
            logout(request)
            messages.info(
                request,
                tell("请重新登录：上次登录已到期。", "Please sign in again: your last sign-in has expired."),
            )
        elif SEEN not in request.session or now - seen > NOTED_EVERY_S:
            request.session[SINCE], request.session[SEEN] = since, now
            UserSession.objects.create_from_request(request)


def end_erased(request: HttpRequest) -> HttpResponse:
    """Whoever signs in, or does anything, while her account is being deleted: she is out, and reads why."""
    logout(request)
    messages.info(
        request,
        tell(
            "这个账号刚刚注销，您已退出。想再用，请重新注册。",
            "This account was deleted a moment ago and you are signed out. To come back, register anew.",
        ),
    )
    return redirect_whole(request, reverse("account_login"))


def redirect_whole(request: HttpRequest, address: str) -> HttpResponse:
    """To another page; also where htmx asked for a part of this one."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One device on which she is signed in."""

    id: int
    device: Text
    address: str
    since: datetime
    seen: datetime
    current: bool


def list_sessions(request: HttpRequest, person: Person) -> list[SignedIn]:
    """This device first, then by last use."""
    found = [
        SignedIn(
            each.pk,
            device_of(each.user_agent),
            each.ip,
            each.created_at,
            each.last_seen_at,
            each.session_key == request.session.session_key,
        )
        for each in UserSession.objects.purge_and_list(person)
    ]
    return sorted(found, key=lambda each: (each.current, each.seen), reverse=True)


def end_sessions(request: HttpRequest, person: Person, *, only: int | None = None) -> int:
    """End one of her sessions, or all but this one. The number ended; a session of somebody else's is never among them."""
    found = UserSession.objects.filter(user=person)
    found = found.filter(pk=only) if only else found.exclude(session_key=request.session.session_key)
    ended = list(found)
    for each in ended:
        each.end()
    return len(ended)


SYSTEMS = [
    ("iPhone", "iPhone", "iPhone"),
    ("iPad", "iPad", "iPad"),
    ("HarmonyOS|OpenHarmony", "鸿蒙", "HarmonyOS"),
    ("Android", "安卓", "Android"),
    ("Windows", "Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac", "Mac"),
    ("Linux", "Linux", "Linux"),
]
BROWSERS = [
    ("wxwork", "企业微信", "WeCom"),
    ("MicroMessenger", "微信", "WeChat"),
    ("DingTalk", "钉钉", "DingTalk"),
    ("Lark|Feishu", "飞书", "Feishu"),
    ("Edg", "Edge", "Edge"),
    ("Firefox|FxiOS", "Firefox", "Firefox"),
    ("QQBrowser|UCBrowser|MiuiBrowser|HuaweiBrowser", "手机浏览器", "mobile browser"),
    ("Chrome|CriOS", "Chrome", "Chrome"),
    ("Safari", "Safari", "Safari"),
]


def device_of(user_agent: str) -> Text:
    """Browser and system as people call them; what a browser says of itself is no proof of anything."""
    browser, system = (_named(table, user_agent) for table in (BROWSERS, SYSTEMS))
    known = [part for part in (browser, system) if part]
    if not known:
        return Text(zh="其他程序", en="another program")
    return Text(zh=" · ".join(part.zh for part in known), en=" · ".join(part.en for part in known))


def _named(table: list[tuple[str, str, str]], user_agent: str) -> Text | None:
    return next((Text(zh=zh, en=en) for shape, zh, en in table if re.search(shape, user_agent)), None)
