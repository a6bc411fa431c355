"""What sign-in sends, in both languages."""

from dataclasses import dataclass

from staveworks.kit.text import Text

CODE_SMS = Text(
    zh="【Staveworks】验证码 {code}，3 分钟内有效，请勿告诉他人。",
    en="[Staveworks] Your code is {code}, valid for 3 minutes. Nobody will ask you for it.",
)
UNKNOWN_SMS = Text(
    zh="【Staveworks】有人想用这个号码登录，但它还没有注册。不是您就不用理会。",
    en="[Staveworks] Somebody tried to sign in with this number, which isn't registered. If it wasn't you, do nothing.",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """Subject and body; ``{code}`` stands in the body where there is one."""

    subject: Text
    text: Text


_CODE = Mail(
    Text(zh="Staveworks 验证码", en="Your Staveworks code"),
    Text(
        zh="验证码 {code}，3 分钟内有效。请勿告诉他人；不是您本人操作，不用理会。",
        en="Your code is {code}, valid for 3 minutes. If you didn't ask for it, do nothing; nobody will ask you for it.",
    ),
)
_UNKNOWN = Mail(
    Text(zh="Staveworks 没有这个账号", en="No Staveworks account"),
    Text(
        zh="有人想用这个邮箱登录，但它还没有注册。不是您就不用理会。",
        en="Somebody tried to sign in with this address, which isn't registered. If it wasn't you, do nothing.",
    ),
)
_PASSWORD = Mail(
    Text(zh="Staveworks 密码已改", en="Your Staveworks password was changed"),
    Text(
        zh="您的密码刚刚改过。不是您改的，请马上用验证码登录并重设密码。",
        en="Your password was just changed. If it wasn't you, sign in with a code and set a new one now.",
    ),
)
_LINKED = Mail(
    Text(zh="您的账号关联了外部账号", en="An outside account was linked to yours"),
    Text(
        zh="刚刚有一个外部账号关联到您的账号，可以用它登录。不是您做的，请马上登录，在“我的账号”里取消。",
        en="An account from outside was just linked to yours and can open it. If it wasn't you, sign in and unlink it under My account.",
    ),
)
_UNLINKED = Mail(
    Text(zh="外部账号已取消关联", en="An outside account was unlinked"),
    Text(
        zh="刚刚取消了一个外部账号与您账号的关联。不是您做的，请马上登录查看。",
        en="An account from outside was just unlinked from yours. If it wasn't you, sign in and have a look.",
    ),
)
MAILS = {
    "login_code": _CODE,
    "password_reset_code": _CODE,
    "unknown_account": _UNKNOWN,
    "password_changed": _PASSWORD,
    "password_set": _PASSWORD,
    "password_reset": _PASSWORD,
    "account_connected": _LINKED,
    "account_disconnected": _UNLINKED,
}
