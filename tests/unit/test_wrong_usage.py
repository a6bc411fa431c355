"""Wrong usage of a command is told in both languages, with exit code 2."""

import pytest
from click.testing import CliRunner

from staveworks.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "en", "zh"),
    [
        (["frobnicate"], "No such command", "没有这个命令"),
        (["prescribe"], "Missing option '--firm'", "缺少 --firm"),
        (["diagnose", "--rubric", "x", "--answers", "/nope"], "Invalid value", "--answers 的值不对"),
        (["verify", "--nope"], "No such option", "没有 --nope 这个选项"),
        (["verify", "extra"], "unexpected extra argument", "用法不对"),
        (["backup"], "Missing argument PATH", "缺少参数 PATH"),
    ],
)
def test_wrong_usage_is_told_in_both_languages(arguments: list[str], en: str, zh: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert en in done.stderr
    assert done.stderr.count(zh) == 1
