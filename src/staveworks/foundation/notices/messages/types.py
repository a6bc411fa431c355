"""Public words of the messages: channels, states, what is queued, what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from staveworks.kit.errors import Invalid, NotAllowed, NotFound, Refused
from staveworks.kit.text import Text


class Channel(StrEnum):
    """A way to a person or a group. The last three post to a group's robot."""

    APP = "app"
    EMAIL = "email"
    SMS = "sms"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"

    @property
    def text(self) -> Text:
        return CHANNEL_TEXTS[self]


CHANNEL_TEXTS = {
    Channel.APP: Text(zh="站内", en="In the app"),
    Channel.EMAIL: Text(zh="邮件", en="E-mail"),
    Channel.SMS: Text(zh="短信", en="SMS"),
    Channel.WECOM: Text(zh="企业微信群", en="WeCom group"),
    Channel.DINGTALK: Text(zh="钉钉群", en="DingTalk group"),
    Channel.FEISHU: Text(zh="飞书群", en="Feishu group"),
}
ROBOTS = frozenset({Channel.WECOM, Channel.DINGTALK, Channel.FEISHU})


class Form(StrEnum):
    """How a template is worded: each channel reads one form."""

    APP = "app"
    EMAIL = "email"
    SMS = "sms"
    ROBOT = "robot"

    @property
    def text(self) -> Text:
        return FORM_TEXTS[self]


FORM_TEXTS = {
    Form.APP: Text(zh="站内", en="In the app"),
    Form.EMAIL: Text(zh="邮件", en="E-mail"),
    Form.SMS: Text(zh="短信", en="SMS"),
    Form.ROBOT: Text(zh="群机器人", en="Group robots"),
}


def form_of(channel: Channel) -> Form:
    return Form.ROBOT if channel in ROBOTS else Form(channel.value)


class DeliveryState(StrEnum):
    """Where a delivery stands. *sent*: the provider took it; *delivered*: it said that it arrived."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"

    @property
    def text(self) -> Text:
        return STATE_TEXTS[self]


STATE_TEXTS = {
    DeliveryState.QUEUED: Text(zh="待发", en="queued"),
    DeliveryState.SENDING: Text(zh="正在发", en="being sent"),
    DeliveryState.SENT: Text(zh="已发出", en="sent"),
    DeliveryState.DELIVERED: Text(zh="已送达", en="delivered"),
    DeliveryState.FAILED: Text(zh="没发成", en="failed"),
    DeliveryState.BOUNCED: Text(zh="被退回", en="bounced"),
    DeliveryState.SUPPRESSED: Text(zh="不再发", en="suppressed"),
}
Q, SENDING, SENT, DELIVERED, FAILED, BOUNCED, SUPPRESSED = DeliveryState
EDGES = (
    (Q, SENDING),
    (Q, SUPPRESSED),
    (Q, FAILED),
    (SENDING, Q),
    (SENDING, SENT),
    (SENDING, FAILED),
    (SENDING, BOUNCED),
    (SENT, DELIVERED),
    (SENT, BOUNCED),
    (SENT, FAILED),
    (FAILED, Q),
    (SUPPRESSED, Q),
)
"""Legal changes of state; the database refuses any other. A person queues a failed or suppressed one again."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A parameter that is a moment; said in the recipient's zone and language."""

    at: datetime


type Param = str | int | Text | date | Moment
"""What a placeholder may stand for: a name, a number, a text of both languages, a day, a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message of a campaign. ``to`` is a person's id, or a bare e-mail address or phone number (E.164)."""

    to: UUID | str
    key: str
    params: Mapping[str, Param] = field(default_factory=dict)
    link: str = ""
    about: UUID | None = None
    urgent: bool = False
    deadline: datetime | None = None
    language: Literal["zh", "en", ""] = ""


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """``fresh`` is false where the key was there already; ``id`` is None where the person has left. Then nothing was queued."""

    id: UUID | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class QueuedMessages:
    """What became of the rows of a campaign; ``suppressed`` counts addresses that bounced or said stop."""

    fresh: int
    repeated: int
    suppressed: int


class TemplateUnknown(NotFound):
    text = Text(zh="没有这个消息模板。", en="There is no such message template.")


class MessageNotFound(NotFound):
    text = Text(zh="没有这条消息，或已过保存期。", en="No such message, or it is no longer kept.")


class ParameterMissing(Invalid):
    """A value that the template needs wasn't given: a mistake of the caller."""


class PlaceholderUnknown(Invalid):
    """The wording names a placeholder that the template doesn't have."""


class WordingMissing(Invalid):
    text = Text(zh="中文和英文都要写。", en="Write it in both languages.")


class AddressUnusable(Invalid):
    text = Text(zh="收件地址读不懂。", en="The address can't be read.")


class KeyUnusable(Invalid):
    text = Text(zh="消息的键要 1–200 个字符。", en="A message's key has 1–200 characters.")


class DeliveryNotFound(NotFound):
    text = Text(zh="没有这条投递记录。", en="No such delivery.")


class StopLinkInvalid(NotFound):
    text = Text(zh="这个链接不完整。", en="This link is not complete.")


class NotToBeSentAgain(Refused):
    text = Text(
        zh="只有没发成或不再发的才能重发，而且内容还在保存期内。",
        en="Only what failed or was suppressed can be sent again, while its content is kept.",
    )


class SuppressionNotFound(NotFound):
    text = Text(zh="没有这个停发的地址。", en="No such suppressed address.")


class GatewayNotFound(NotFound):
    text = Text(zh="没有这个渠道。", en="No such channel.")


class SignatureWrong(NotAllowed):
    text = Text(zh="签名不对，或已过期。", en="The signature is wrong or too old.")


class PreferenceInvalid(Invalid):
    """A choice that the topic or the clock doesn't have."""


class SettingInvalid(Invalid):
    """A setting of a channel that can't be right."""


class ChannelFailed(Refused):
    """A test message wasn't taken; ``code`` is the provider's."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Text(zh="没有发成，对方答复：{code}。", en="It wasn’t sent. The answer: {code}.").format(
                code=code or "–"
            )
        )
        self.code = code
