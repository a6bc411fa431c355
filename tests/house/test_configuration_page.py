"""The reference of settings says what the table says; the table is the only way to a setting."""

import re
from pathlib import Path

import pytest

from staveworks.config.reference import page
from staveworks.kit.configuration import table
from staveworks.kit.configuration.checking import INTERNAL, all_settings
from staveworks.kit.configuration.setting import Setting

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "staveworks"
TABLE = "kit/configuration/table.py"
NAMED = re.compile(r"""["'](STAVEWORKS_[A-Z_]+|DATABASE_[A-Z_]*URL)["']""")
BY_TOOLS = {"STAVEWORKS_PYTHON", "STAVEWORKS_CHROMIUM", "STAVEWORKS_TEST_BINARIES"}
"""Read by what runs without the package, or by tests."""
WRITERS = {"db/embedded/secrets.py"}
"""Hand the embedded server's addresses to the settings; they read none."""


def sources() -> dict[str, str]:
    found = {str(path.relative_to(SOURCE)): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    return {name: text for name, text in found.items() if name != TABLE and name not in WRITERS}


def test_the_reference_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "configuration.md").read_text("utf-8") == page()


def test_no_setting_is_read_past_the_table() -> None:
    known = {setting.name for setting in all_settings()} - {"STAVEWORKS_CONFIG"}
    past = {
        (name, variable)
        for name, text in sources().items()
        for variable in NAMED.findall(text)
        if variable not in INTERNAL
    }
    assert {pair for pair in past if pair[1] in known} == set()
    assert {pair for pair in past if pair[1] not in known | {"STAVEWORKS_CONFIG"}} == set()


def test_every_setting_of_the_table_is_read_somewhere() -> None:
    constants = {name: value.name for name, value in vars(table).items() if isinstance(value, Setting)}
    assert set(constants.values()) == {setting.name for setting in all_settings()}
    elsewhere = "\n".join(sources().values())
    unread = {
        variable
        for constant, variable in constants.items()
        if variable not in BY_TOOLS | {"STAVEWORKS_CONFIG"}
        and not re.search(rf"\b{constant}\.(read|name|kind)\b", elsewhere)
    }
    assert unread == set()


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_a_setting_says_its_meaning_in_both_languages(setting: Setting[object]) -> None:
    meaning = setting.meaning
    assert re.search(r"[\u4e00-\u9fff]", meaning.zh)
    assert re.search(r"[a-z]", meaning.en)
    assert not re.search(r"[\u4e00-\u9fff]", meaning.en)
