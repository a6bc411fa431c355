"""The operator's providers of e-mail and SMS: what is connected, changed, tried."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.gateway_cards import ProviderCard, access_provider
from staveworks.foundation.notices.messages.types import Channel, ChannelFailed
from staveworks.foundation.notices.usecases.connect_channel import connect_provider
from staveworks.foundation.notices.usecases.try_channel import try_provider
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of, person_of
from staveworks.web.doors import door
from staveworks.web.language import current
from staveworks.web.messages.forms_channels import EmailForm, RateForm, SmsForm, lines_of
from staveworks.web.messages.states import why
from staveworks.web.middleware import status_of
from staveworks.web.words import error_words, put_error, tell

FORMS: dict[Channel, type[RateForm]] = {Channel.EMAIL: EmailForm, Channel.SMS: SmsForm}


@door("message.manage")
def channels(request: HttpRequest) -> HttpResponse:
    """E-mail and SMS at a glance."""
    cards = [access_provider(actor_of(request), channel) for channel in FORMS]
    return render(request, "messages/channels.html", {"cards": cards})


@door("message.manage")
def provider(request: HttpRequest, channel: str) -> HttpResponse:
    """One of them: its settings, without secrets."""
    actor, chosen = actor_of(request), _channel(channel)
    held, status = access_provider(actor, chosen), 200
    form = FORMS[chosen](held.has, request.POST or None, initial=_initial(held))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                connect_provider(
                    actor,
                    channel=chosen,
                    asked=form.asked(),
                    a_minute=given["a_minute"],
                    at_once=given["at_once"],
                    enabled=given["enabled"],
                )
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, tell("已保存，请试发一条。", "Saved. Now send a test."))
                return redirect("provider", channel=channel)
    context = {"held": held, "form": form, "to": _own_address(request, chosen), "hook": _hook(held)}
    return render(request, "messages/provider.html", context, status=status)


def _channel(name: str) -> Channel:
    if name not in {channel.value for channel in FORMS}:
        raise Http404
    return Channel(name)


def _initial(held: ProviderCard) -> dict[str, Any]:
    usual = "sink" if held.source == "nothing" else held.config.get("provider", "smtp")
    shown = lines_of(held.config) if held.channel is Channel.SMS else held.config
    return {
        **shown,
        "provider": usual,
        "a_minute": held.a_minute,
        "at_once": held.at_once,
        "enabled": held.enabled,
    }


def _own_address(request: HttpRequest, channel: Channel) -> str:
    person = person_of(request)
    return (person.email if channel is Channel.EMAIL else person.phone) or ""


def _hook(held: ProviderCard) -> str:
    return f"{settings.PUBLIC_URL}{reverse('message_hook', args=[held.id])}" if held.id else ""


@door("message.manage")
@require_POST
def try_it(request: HttpRequest, channel: str) -> HttpResponse:
    """Send a test message now."""
    try:
        try_provider(
            actor_of(request), channel=_channel(channel), to=request.POST.get("to", ""), language=current()
        )
    except ChannelFailed as error:
        reason = why(error.code)
        said = reason.in_language(current()) if reason else "–"
        messages.error(request, tell("没有发成：{why}。", "It wasn’t sent: {why}.", why=said))
    except StaveworksError as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, tell("已发出，请查收。", "Sent. Look whether it arrived."))
    return redirect("provider", channel=channel)
