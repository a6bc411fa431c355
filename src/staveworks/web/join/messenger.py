"""The way out for codes and invitations, chosen by the composition (``config/ports.py``)."""

from django.conf import settings
from django.utils.module_loading import import_string

from staveworks.kit.messages import Message, Messenger, channel_of
from staveworks.kit.text import Text
from staveworks.web.language import current


def messenger() -> Messenger:
    """The adapter named in the settings."""
    found: Messenger = import_string(settings.MESSENGER)()
    return found


def send(to: str, text: Text, *, subject: Text | None = None, link: str = "") -> None:
    """Send ``text`` to a phone or e-mail address in the language of the request."""
    messenger().send(
        Message(
            to=to,
            channel=channel_of(to),
            text=text,
            subject=subject or Text(zh="", en=""),
            language=current(),
            link=link,
        )
    )
