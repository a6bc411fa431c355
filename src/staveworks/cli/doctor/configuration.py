"""The settings: readable, meant for the public, ways out for messages."""

from collections.abc import Iterator

from staveworks.cli.doctor.finding import Finding, advice, broken, ok
from staveworks.kit.configuration.checking import check_settings, unknown_variables
from staveworks.kit.configuration.setting import WrongSetting
from staveworks.kit.configuration.table import DATABASE_URL, DEBUG, HOSTS, HTTPS, SECRET_KEY
from staveworks.kit.text import Text

HERE = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def look_at_settings() -> Iterator[Finding]:
    try:
        check_settings()
    except WrongSetting as error:
        yield broken("settings", error.text, Text(zh="改正后重试", en="correct it and try again"))
        return
    for name in unknown_variables():
        yield advice(
            "settings",
            Text(zh=f"没有 {name} 这个设置。", en=f"There is no setting {name}."),
            Text(zh="见 docs/reference/configuration.md", en="see docs/reference/configuration.md"),
        )
    yield from _public()


def is_public() -> bool:
    """Whether others than the people at this machine are meant to reach it."""
    return HTTPS.read() or bool(set(HOSTS.read()) - HERE)


def _public() -> Iterator[Finding]:
    found = list(_faults_in_public() if is_public() else _faults_at_home())
    yield from found or [ok("settings", _summary())]


def _summary() -> Text:
    hosts = "、".join(HOSTS.read())
    if is_public():
        return Text(zh=f"对外：{hosts}，HTTPS。", en=f"Public as {', '.join(HOSTS.read())}, by HTTPS.")
    return Text(zh="只供本机使用。", en="For this machine only.")


def _faults_at_home() -> Iterator[Finding]:
    if DEBUG.read():
        yield advice(
            "settings",
            Text(
                zh="调试已打开，出错细节会显示在浏览器里。", en="Debugging is on: browsers show tracebacks."
            ),
            Text(zh=f"正式使用前去掉 {DEBUG.name}", en=f"unset {DEBUG.name} before others use it"),
        )


def _faults_in_public() -> Iterator[Finding]:
    if DEBUG.read():
        yield broken(
            "settings",
            Text(zh="调试已打开，出错细节会显示给所有人。", en="Debugging is on: everybody sees tracebacks."),
            Text(zh=f"去掉 {DEBUG.name}", en=f"unset {DEBUG.name}"),
        )
    if "*" in HOSTS.read():
        yield broken(
            "settings",
            Text(zh="接受任何域名，链接可被伪造。", en="Any host name is accepted: links can be forged."),
            Text(zh=f"在 {HOSTS.name} 里列出真实域名", en=f"list the real names in {HOSTS.name}"),
        )
    if not HTTPS.read():
        yield broken(
            "settings",
            Text(zh="没有 HTTPS，密码以明文传输。", en="Without HTTPS passwords travel in the clear."),
            Text(
                zh=f"前面放一台 TLS 服务器，并设 {HTTPS.name}=1",
                en=f"put a server with TLS before it and set {HTTPS.name}=1",
            ),
        )
    if DATABASE_URL.read() and SECRET_KEY.read() is None:
        yield advice(
            "settings",
            Text(
                zh="签名密钥只在这台机器的数据文件夹里。",
                en="The signing key lies in this machine's data folder only.",
            ),
            Text(
                zh=f"有多台网页服务器时，各台设同一个 {SECRET_KEY.name}",
                en=f"with several web servers give all the same {SECRET_KEY.name}",
            ),
        )
