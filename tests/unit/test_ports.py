"""The message port: what is written where."""

import json
from pathlib import Path

import pytest

from staveworks.config.ports import ConsoleMessenger, EveryWay, FileMessenger
from staveworks.kit.messages import Message, channel_of
from staveworks.kit.text import Text

CODE = Message("+8613805752266", "sms", Text(zh="验证码 123456", en="Code 123456"), link="http://x/")


def test_a_message_goes_every_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "messages.jsonl"
    EveryWay((ConsoleMessenger(), FileMessenger(path))).send(CODE)
    assert capsys.readouterr().err == "[sms → +8613805752266] 验证码 123456 http://x/\n"
    assert json.loads(path.read_text("utf-8"))["text"] == "验证码 123456 http://x/"
    assert path.stat().st_mode & 0o077 == 0


def test_a_message_is_said_in_its_language() -> None:
    assert Message("a@b.cn", "email", CODE.text, language="en").wording == "Code 123456"
    assert (channel_of("a@b.cn"), channel_of("+8613805752266")) == ("email", "sms")
