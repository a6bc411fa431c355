"""What a person reads when `run` is ready: where to go, and as whom."""

import urllib.error
import urllib.request
from collections.abc import Sequence

from staveworks.cli.siblings import sibling_door

WIDTH = 72
OPERATOR_PATH = "/join/operator/{token}/"
"""Said here again: asking Django for it would load every page and the whole API into `run`, for as long as that runs."""


def answers(address: str) -> bool:
    """Whether the web server answers at all: an error page is an answer."""
    try:
        urllib.request.urlopen(f"{address}healthz", timeout=2).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def welcome(address: str) -> str:
    """The lines that tell where to go."""
    rule = "─" * WIDTH
    lines = [rule, f"  Staveworks  {address}", *operator_lines(address), *demo_lines(), rule]
    return "\n".join(
        ["", *lines, "  Ctrl-C stops everything; the data stay. 按 Ctrl-C 全部停止，数据保留。", ""]
    )


def demo_lines() -> Sequence[str]:
    """Whom one may be in the demo, where it stands."""
    demo = sibling_door("demo")
    if not demo.is_made():
        return []
    people = demo.logins(demo.world())
    wide = max(len(login) for login, _, _ in people)
    lines = [f"  {login:<{wide}}  {name}  {organisation}" for login, name, organisation in people]
    return ["", f"  Demo, password 演示登录，密码: {demo.PASSWORD}", *lines]


def operator_lines(address: str) -> Sequence[str]:
    """The one-time link for the first person, as long as there is none; a fresh one each time."""
    from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link

    token = make_operator_link()
    if token is None:
        return []
    path = OPERATOR_PATH.format(token=token)
    return ["", "  Become the operator, once 成为运营方（一次有效）:", f"  {address.rstrip('/')}{path}"]
