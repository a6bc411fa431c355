"""E-mail: how a message looks as MIME, in plain text and HTML."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

from staveworks.foundation.notices.channels.types import Outgoing
from staveworks.foundation.notices.messages.bounces import DELIVERY_HEADER
from staveworks.foundation.notices.messages.wording import PLACEHOLDER
from staveworks.kit.data import data_file

FOOT = {
    "zh": "这封邮件由系统发出，请不要直接回复。",
    "en": "This e-mail was sent by a program; please don’t reply to it.",
}
STOP = {"zh": "不再接收这类邮件", "en": "Stop e-mails of this kind"}


def make_mail(message: Outgoing, *, sender: Address, bounces: str = "") -> EmailMessage:
    """``message`` with its token in ``Message-ID`` and a header of ours, by which a bounce is recognised."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.address
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{message.token}@{sender.domain}>"
    mail[DELIVERY_HEADER] = str(message.token)
    mail["Auto-Submitted"] = "auto-generated"
    if message.stop_link:
        mail["List-Unsubscribe"] = f"<{message.stop_link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(plain_text(message))
    mail.add_alternative(html_text(message), subtype="html")
    return mail


def plain_text(message: Outgoing) -> str:
    """The body for readers without HTML."""
    parts = [message.text]
    if message.link:
        parts.append(
            f"{message.action}: {message.link}"
            if message.language == "en"
            else f"{message.action}：{message.link}"
        )
    parts.append("—\n" + FOOT[message.language])
    if message.stop_link:
        parts[-1] += f"\n{STOP[message.language]}: {message.stop_link}"
    return "\n\n".join(parts)


def html_text(message: Outgoing) -> str:
    """The body with a button. Everything that was typed is escaped; a link that isn't of the web isn't one."""
    paragraphs = "".join(
        f'<p style="margin:8px 0">{escape(part).replace(chr(10), "<br>")}</p>'
        for part in message.text.split("\n\n")
        if part.strip()
    )
    foot = escape(FOOT[message.language])
    if is_web(message.stop_link):
        foot += f' <a href="{escape(message.stop_link)}" style="color:#5F6B7A">{STOP[message.language]}</a>'
    button = {"link": escape(message.link), "action": escape(message.action)}
    return _filled(
        "mail.html",
        {
            "language": "zh-Hans" if message.language == "zh" else "en",
            "subject": escape(message.subject),
            "sender": escape(message.sender),
            "paragraphs": paragraphs,
            "button": _filled("button.html", button) if is_web(message.link) else "",
            "foot": foot,
        },
    )


def _filled(name: str, values: Mapping[str, str]) -> str:
    """The page ``data/messages/name`` with its placeholders replaced; a cluster may have one of its own."""
    page = data_file(f"messages/{name}").read_text("utf-8")
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), page)


def is_web(link: str) -> bool:
    return urlsplit(link).scheme in ("http", "https")
