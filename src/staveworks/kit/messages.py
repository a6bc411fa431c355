"""The message port: what is said to a person outside of the product, by SMS or e-mail."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from staveworks.kit.text import Language, Text

Channel = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address: a phone number (E.164) or an e-mail address.

    ``text`` is the whole SMS, or the body of the e-mail; ``link`` is put under it. A code stands in ``text`` only.
    """

    to: str
    channel: Channel
    text: Text
    subject: Text = field(default_factory=lambda: Text(zh="", en=""))
    language: Language = "zh"
    link: str = ""

    @property
    def wording(self) -> str:
        said = self.text.in_language(self.language)
        return f"{said} {self.link}" if self.link else said


class Messenger(Protocol):
    """A way out. ``send`` returns when the message is handed over and raises ``Busy`` if it can't be."""

    def send(self, message: Message) -> None: ...


def channel_of(address: str) -> Channel:
    """By which way an address is reached: e-mail addresses have an @, phone numbers don't."""
    return "email" if "@" in address else "sms"
