"""How states and errors of deliveries are shown."""

from staveworks.foundation.notices.messages.types import DeliveryState
from staveworks.kit.text import Text

STATES = {
    DeliveryState.QUEUED: "waiting",
    DeliveryState.SENDING: "running",
    DeliveryState.SENT: "done",
    DeliveryState.DELIVERED: "done",
    DeliveryState.FAILED: "late",
    DeliveryState.BOUNCED: "late",
    DeliveryState.SUPPRESSED: "over",
}
"""State → the kind of mark (``{% state %}``)."""

ERRORS = {
    "unknown": Text(
        zh="发送途中中断，不知道对方是否收到", en="interrupted while sending; it may have been taken"
    ),
    "bounced": Text(zh="这个地址退回过", en="this address bounced before"),
    "stopped": Text(zh="收件人退订了这类消息", en="the recipient stopped messages of this kind"),
    "complained": Text(zh="收件人投诉过", en="the recipient complained before"),
    "removed": Text(zh="机器人已移除", en="the robot was removed"),
    "forgotten": Text(zh="内容已过保存期", en="the content is no longer kept"),
    "connection": Text(zh="连不上服务器", en="the server can’t be reached"),
    "name": Text(zh="找不到这台服务器", en="no server has that name"),
    "address": Text(zh="这台服务器在不允许的网段", en="the server’s address may not be reached"),
    "host": Text(zh="webhook 不在厂商的域名下", en="the webhook isn’t at the vendor’s host"),
    "tls": Text(zh="加密连接失败", en="the secure connection failed"),
    "no TLS": Text(zh="不加密只允许指定网段", en="without TLS only named networks are reached"),
    "answer": Text(zh="对方没有答复", en="no answer came"),
    "SMTPAuthenticationError": Text(zh="用户名或密码不对", en="user or password is wrong"),
    "closed": Text(zh="渠道已关闭", en="the channel is closed"),
    "template": Text(zh="模板已不存在", en="the template is gone"),
}
OUTCOMES = {
    "sent": Text(zh="对方已接收", en="taken"),
    "later": Text(zh="暂时不收，稍后再试", en="not now; tried again later"),
    "never": Text(zh="对方拒收", en="refused"),
    "bounced": Text(zh="退回：没有这个地址", en="bounced: no such address"),
    "gateway": Text(zh="渠道不通", en="the channel is closed"),
    "unknown": Text(zh="结果不明", en="outcome unknown"),
}


def why(error: str) -> Text | None:
    """What an error says; a provider's code stands as it is."""
    return ERRORS.get(error, Text(zh=error, en=error)) if error else None
