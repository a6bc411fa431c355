"""What the API says when it refuses, in both languages."""

from dataclasses import dataclass

from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Status:
    """The kind (last part of the type's address), title and usual detail of a status."""

    kind: str
    title: Text
    detail: Text


def _status(kind: str, zh: str, en: str, detail_zh: str, detail_en: str) -> Status:
    return Status(kind, Text(zh=zh, en=en), Text(zh=detail_zh, en=detail_en))


STATUSES = {
    400: _status(
        "malformed", "请求无法解读", "Malformed request", "请求的格式不对。", "The request cannot be read."
    ),
    401: _status(
        "not-signed-in",
        "需要登录",
        "Sign-in needed",
        "请带上有效的令牌，或先登录。",
        "Send a valid token, or sign in.",
    ),
    403: _status(
        "not-allowed", "没有权限", "Not allowed", "您没有这项权限。", "You don't have the right to do this."
    ),
    404: _status(
        "not-found",
        "没有找到",
        "Not found",
        "没有这个地址或对象，或您看不到它。",
        "No such address or thing, or none you can see.",
    ),
    405: _status(
        "method-not-allowed",
        "不支持的方法",
        "Method not allowed",
        "这个地址不支持该方法。",
        "This address doesn't take that method.",
    ),
    406: _status(
        "not-acceptable",
        "没有您要的格式",
        "Not acceptable",
        "没有 Accept 所要的格式。",
        "There is no form of the answer that your Accept header takes.",
    ),
    409: _status("refused", "现在不能这样做", "Refused", "现在不能这样做。", "This can't be done now."),
    413: _status("too-large", "内容过大", "Too large", "内容超过上限。", "The content is over the limit."),
    415: _status(
        "unsupported-media-type",
        "不支持的格式",
        "Unsupported media type",
        "请求内容的格式不受支持。",
        "The request's content type is not supported here.",
    ),
    422: _status("invalid", "内容有误", "Invalid", "有内容需要改正。", "Something is to be mended."),
    429: _status(
        "too-many-requests",
        "请求过于频繁",
        "Too many requests",
        "请稍后再试。",
        "Wait a little, then try again.",
    ),
    500: _status(
        "our-fault",
        "出错了",
        "Our fault",
        "我们这边出错了，已经记录。",
        "Something broke on our side; it is recorded.",
    ),
    503: _status(
        "busy",
        "系统忙",
        "Busy",
        "系统忙，请稍后再试，数据没有丢。",
        "Busy. Try again shortly; nothing is lost.",
    ),
}

MALFORMED_JSON = Text(zh="不是有效的 JSON。", en="Not valid JSON.")
TOO_DEEP = Text(zh="JSON 嵌套超过 {n} 层。", en="The JSON is nested deeper than {n} levels.")
NUL = Text(
    zh="文字里有不能保存的字符（NUL 或不成对的代理码）。",
    en="The text holds a character that can't be kept (NUL or a lone surrogate).",
)
ADDRESS_NUL = Text(zh="地址里有 NUL 字符。", en="The address holds a NUL character.")
CSRF = Text(
    zh="缺少 CSRF 令牌，或已失效。请刷新页面。", en="The CSRF token is missing or stale. Reload the page."
)
TOKEN_UNKNOWN = Text(zh="令牌无效、已撤回或已过期。", en="The token is unknown, withdrawn or expired.")
SIGN_IN = Text(
    zh="请在 Authorization 里带上令牌，或先登录。", en="Send a token in Authorization, or sign in."
)
KEY_SHAPE = Text(
    zh="Idempotency-Key 须为 1–200 个可见 ASCII 字符。",
    en="An Idempotency-Key is 1–200 visible ASCII characters.",
)
ORGANISATION_SHAPE = Text(zh="应为单位的编号（UUID）。", en="Give the organisation's id (a UUID).")
CURSOR_SHAPE = Text(
    zh="这个游标不属于该列表，或已失效。", en="This cursor doesn't belong to this list, or is stale."
)
NO_PARAMETER = Text(
    zh="没有这个参数。可用的有：{names}。", en="There is no such parameter. There are: {names}."
)
NO_PARAMETERS = Text(zh="这个操作没有参数。", en="This operation takes no parameters.")
SEND_AS = Text(zh="请用 {types} 发送。", en="Send it as {types}.")

# Keys: pydantic's error types. Values may name what pydantic gives in the error's context.
FAULTS = {
    "missing": Text(zh="必填。", en="Required."),
    "extra_forbidden": Text(zh="没有这一项。", en="There is no such field."),
    "string_type": Text(zh="应为文字。", en="Give a text."),
    "string_too_short": Text(zh="至少 {min_length} 个字符。", en="At least {min_length} characters."),
    "string_too_long": Text(zh="最多 {max_length} 个字符。", en="At most {max_length} characters."),
    "string_pattern_mismatch": Text(zh="格式不对（{pattern}）。", en="The form is not right ({pattern})."),
    "int_type": Text(zh="应为整数。", en="Give a whole number."),
    "int_parsing": Text(zh="应为整数。", en="Give a whole number."),
    "int_from_float": Text(zh="应为整数。", en="Give a whole number."),
    "float_type": Text(zh="应为数字。", en="Give a number."),
    "float_parsing": Text(zh="应为数字。", en="Give a number."),
    "finite_number": Text(zh="应为有限的数字。", en="Give a finite number."),
    "bool_type": Text(zh="应为 true 或 false。", en="Give true or false."),
    "bool_parsing": Text(zh="应为 true 或 false。", en="Give true or false."),
    "uuid_parsing": Text(zh="应为编号（UUID）。", en="Give an id (UUID)."),
    "uuid_type": Text(zh="应为编号（UUID）。", en="Give an id (UUID)."),
    "enum": Text(zh="只能是：{expected}。", en="One of: {expected}."),
    "literal_error": Text(zh="只能是：{expected}。", en="One of: {expected}."),
    "greater_than_equal": Text(zh="不小于 {ge}。", en="At least {ge}."),
    "less_than_equal": Text(zh="不大于 {le}。", en="At most {le}."),
    "greater_than": Text(zh="应大于 {gt}。", en="More than {gt}."),
    "less_than": Text(zh="应小于 {lt}。", en="Less than {lt}."),
    "too_short": Text(zh="至少 {min_length} 项。", en="At least {min_length} entries."),
    "too_long": Text(zh="最多 {max_length} 项。", en="At most {max_length} entries."),
    "list_type": Text(zh="应为列表。", en="Give a list."),
    "dict_type": Text(zh="应为对象。", en="Give an object."),
    "model_type": Text(zh="应为对象。", en="Give an object."),
    "model_attributes_type": Text(zh="应为对象。", en="Give an object."),
    "date_from_datetime_parsing": Text(zh="应为日期，如 2026-11-23。", en="Give a day such as 2026-11-23."),
    "date_parsing": Text(zh="应为日期，如 2026-11-23。", en="Give a day such as 2026-11-23."),
    "date_type": Text(zh="应为日期，如 2026-11-23。", en="Give a day such as 2026-11-23."),
    "datetime_parsing": Text(zh="应为时刻。", en="Give a moment."),
}
OTHER_FAULT = Text(zh="这个值不对。", en="This value is not right.")

PERSON_ONLY = Text(
    zh="这件事要本人在浏览器里做，令牌没有这个范围。",
    en="The person does this herself, in the browser: no token has the scope for it.",
)
