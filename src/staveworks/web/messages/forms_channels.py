"""What connects a channel: an SMTP server, an SMS provider, a group's robot. Secrets are typed, never shown again."""

from collections.abc import Iterable
from typing import Any

from django import forms

from staveworks.foundation.notices.connecting import ALGORITHMS, Settings
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import ROBOTS, Channel
from staveworks.web.language import said
from staveworks.web.words import words

KEPT = words("已设置；留空则不变。", "It is set. Leave it blank to keep it.")


def secret_field(label: Any, **more: Any) -> forms.CharField:
    """A field for a secret: never filled in, blank keeps what is there."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        **more,
    )


class RateForm(forms.Form):
    """Which provider, how fast, and whether it is open."""

    provider = forms.ChoiceField(
        label=words("发往", "Send to"),
        widget=forms.RadioSelect,
        choices=[],
    )
    a_minute = forms.IntegerField(
        label=words("每分钟最多几条", "At most, a minute"), min_value=1, max_value=60_000, initial=120
    )
    at_once = forms.IntegerField(
        label=words("一次最多连发几条", "At most, at once"), min_value=1, max_value=10_000, initial=30
    )
    enabled = forms.BooleanField(label=words("启用", "Open"), required=False, initial=True)

    plain: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def __init__(self, has: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(has) & set(self.secrets):
            self.fields[name].help_text = KEPT

    def asked(self) -> Settings:
        given = self.cleaned_data
        config = {"provider": given["provider"], **{name: given[name] for name in self.plain}}
        return Settings(config, {name: given[name] for name in self.secrets})


class EmailForm(RateForm):
    """An SMTP server."""

    plain = ("host", "port", "security", "user", "sender", "name", "bounces")
    secrets = ("password", "callback")
    host = forms.CharField(label=words("服务器", "Server"), required=False, max_length=253)
    port = forms.IntegerField(
        label=words("端口", "Port"), required=False, min_value=1, max_value=65_535, initial=465
    )
    security = forms.ChoiceField(
        label=words("加密", "Security"), choices=[("tls", "TLS"), ("starttls", "STARTTLS")], initial="tls"
    )
    user = forms.CharField(label=words("用户名", "User"), required=False, max_length=254)
    password = secret_field(words("密码或授权码", "Password"))
    sender = forms.CharField(label=words("发件地址", "Sender’s address"), required=False, max_length=254)
    name = forms.CharField(label=words("发件人名称", "Sender’s name"), required=False, max_length=80)
    bounces = forms.CharField(
        label=words("退信地址", "Address for bounces"),
        required=False,
        max_length=254,
        help_text=words(
            "收到的退信交给 staveworks read-bounce。", "Give what arrives there to staveworks read-bounce."
        ),
    )
    callback = secret_field(words("回执签名密钥", "Secret of the callback"))
    field_order = (
        "provider",
        *plain[:4],
        "password",
        *plain[4:],
        "callback",
        "a_minute",
        "at_once",
        "enabled",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [  # type: ignore[attr-defined]
            ("smtp", words("SMTP 服务器", "an SMTP server")),
            ("sink", words("本机收件箱（不真发）", "the local sink; nothing leaves")),
        ]


class SmsForm(RateForm):
    """An HTTP provider, described by wordings with placeholders."""

    plain = (
        "url",
        "form",
        "headers",
        "body",
        "user",
        "algorithm",
        "sign",
        "sign_as",
        "code_at",
        "ok",
        "id_at",
        "later",
        "bounced",
        "knows_tokens",
        "templates",
    )
    secrets = ("secret", "callback")
    url = forms.CharField(label=words("接口地址", "Address"), required=False, max_length=400)
    form = forms.BooleanField(
        label=words("按表单提交（否则 JSON）", "Send a form instead of JSON"), required=False
    )
    headers = forms.CharField(
        label=words("请求头", "Headers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words("每行一个：名称: 值。", "One a line: name: value."),
    )
    body = forms.CharField(
        label=words("请求正文", "Body"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=words(
            "可用：{phone} {number} {text} {token} {template} {timestamp} {millis} {nonce} {user} {secret} {signature}",
            "Known: {phone} {number} {text} {token} {template} {timestamp} {millis} {nonce} {user} {secret} {signature}",
        ),
    )
    user = forms.CharField(label=words("账号", "User"), required=False, max_length=200)
    secret = secret_field(words("密钥", "Secret"))
    algorithm = forms.ChoiceField(label=words("签名算法", "Signature"), choices=[(a, a) for a in ALGORITHMS])
    sign = forms.CharField(
        label=words("对什么签名", "Signed is"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=words("正文写作 {body}。", "The body is {body}."),
    )
    sign_as = forms.ChoiceField(
        label=words("签名写成", "Written as"), choices=[("hex", "hex"), ("base64", "Base64")]
    )
    code_at = forms.CharField(
        label=words("答复里的状态码在", "Its code is at"),
        required=False,
        max_length=80,
        help_text=words("如 Code 或 result.0.code。", "Such as Code or result.0.code."),
    )
    ok = forms.CharField(label=words("成功的状态码", "Its code for yes"), required=False, max_length=40)
    id_at = forms.CharField(
        label=words("消息编号在", "The message’s id is at"), required=False, max_length=80
    )
    later = forms.CharField(
        label=words("稍后再试的状态码", "Codes for later"),
        required=False,
        max_length=400,
        help_text=words("逗号隔开。", "Separated by commas."),
    )
    bounced = forms.CharField(
        label=words("号码无效的状态码", "Codes for no such number"), required=False, max_length=400
    )
    knows_tokens = forms.BooleanField(
        label=words("同一个 {token} 只发一次", "It sends the same {token} once"),
        required=False,
        help_text=words(
            "不勾选时，结果不明的短信不会自动重发。",
            "Without this an SMS whose outcome is unknown isn’t sent again.",
        ),
    )
    templates = forms.CharField(
        label=words("服务商的模板编号", "The provider’s template ids"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words("每行一个：todo.opened = SMS_123。", "One a line: todo.opened = SMS_123."),
    )
    callback = secret_field(words("回执签名密钥", "Secret of the callback"))
    field_order = ("provider", "url", "form", "headers", "body", "user", "secret", *plain[5:], "callback")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [  # type: ignore[attr-defined]
            ("http", words("短信服务商的 HTTP 接口", "a provider’s HTTP interface")),
            ("sink", words("本机收件箱（不真发）", "the local sink; nothing leaves")),
        ]

    def clean_headers(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["headers"], ":")

    def clean_templates(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["templates"], "=")

    def clean_later(self) -> list[str]:
        return _codes(self.cleaned_data["later"])

    def clean_bounced(self) -> list[str]:
        return _codes(self.cleaned_data["bounced"])


def lines_of(config: dict[str, Any]) -> dict[str, Any]:
    """Kept settings as the form shows them."""
    shown = dict(config)
    shown["headers"] = "\n".join(f"{name}: {value}" for name, value in config.get("headers", {}).items())
    shown["templates"] = "\n".join(f"{name} = {value}" for name, value in config.get("templates", {}).items())
    for name in ("later", "bounced"):
        shown[name] = ", ".join(config.get(name, []))
    return shown


def _pairs(text: str, mark: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not all(mark in line for line in lines):
        raise forms.ValidationError(
            words("每行要有“名称 {m} 值”。", "Each line is name {m} value.").replace("{m}", mark)
        )
    return {name.strip(): value.strip() for name, _, value in (line.partition(mark) for line in lines)}


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.replace("，", ",").split(",") if code.strip()]


class RobotForm(forms.Form):
    """A group's robot: where it listens, how it is signed, what it is told."""

    channel = forms.ChoiceField(
        label=words("哪种群", "Which kind"),
        widget=forms.RadioSelect,
        choices=lambda: [(c.value, said(c.text)) for c in Channel if c in ROBOTS],
    )
    name = forms.CharField(label=words("群名", "Name of the group"), max_length=80)
    url = secret_field(
        words("Webhook 地址", "Webhook"),
        help_text=words(
            "在群设置里添加自定义机器人后复制。", "Copy it after adding a custom robot to the group."
        ),
    )
    secret = secret_field(
        words("加签密钥（钉钉、飞书）", "Signing secret (DingTalk, Feishu)"),
        help_text=words(
            "机器人的安全设置请选“加签/签名校验”。企业微信没有这一项。",
            "Choose signing in the robot’s security settings. WeCom has none.",
        ),
    )
    topics = forms.MultipleChoiceField(
        label=words("发哪些消息到群里", "What the group is told"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(t.code, said(t.name)) for t in catalogue().topics.values() if not t.locked],
    )
    enabled = forms.BooleanField(label=words("启用", "Open"), required=False, initial=True)

    def __init__(self, *args: Any, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not fresh:
            del self.fields["channel"]
            for name in ("url", "secret"):
                self.fields[name].help_text = KEPT

    def asked(self) -> Settings:
        given = self.cleaned_data
        return Settings({}, {"url": given["url"].strip(), "secret": given["secret"].strip()})
