"""Messages that an operation sends: after the commit, so that nothing is sent for what didn't happen, and never in an answer.

A link's secret goes to the person invited and nowhere else: answers are kept with their ``Idempotency-Key`` for ever.
"""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string

from staveworks.api.language import language_now
from staveworks.kit.messages import Message, Messenger, channel_of
from staveworks.kit.text import Text


def send_link(request: HttpRequest, to: str, text: Text, *, page: str, token: str) -> None:
    """Send ``text`` with the address of ``page`` (a page's name) for ``token`` to a phone or e-mail address."""
    message = Message(
        to=to,
        channel=channel_of(to),
        text=text,
        subject=Text(zh="Staveworks 邀请", en="Invitation to Staveworks"),
        language=language_now(),
        link=request.build_absolute_uri(reverse(page, args=[token])),
    )
    messenger: Messenger = import_string(settings.MESSENGER)()
    transaction.on_commit(partial(messenger.send, message), robust=True)


def send_text(to: str, text: Text) -> None:
    """Send ``text`` as it is, after the commit: a code to the phone that it proves."""
    message = Message(to=to, channel=channel_of(to), text=text, language=language_now())
    messenger: Messenger = import_string(settings.MESSENGER)()
    transaction.on_commit(partial(messenger.send, message), robust=True)
