"""Settings: where a value comes from, and what is said of a wrong one."""

import ipaddress
from pathlib import Path

import pytest

from staveworks.kit.configuration import table
from staveworks.kit.configuration.checking import all_settings, check_settings, unknown_variables
from staveworks.kit.configuration.setting import WrongSetting
from tests.environment import without_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch)


def file(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = folder / "staveworks.toml"
    path.write_text(text, "utf-8")
    monkeypatch.setenv("STAVEWORKS_CONFIG", str(path))
    return path


def test_with_nothing_set_all_is_right_and_every_setting_has_its_default() -> None:
    check_settings()
    for setting in all_settings():
        if not callable(setting.default):
            assert setting.read() == setting.default


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert table.NODE.read() == "cloud"
    file(tmp_path, 'node = "shaoxing"\nhosts = ["a.cn", "b.cn"]\nhttps = true', monkeypatch)
    assert (table.NODE.read(), table.HOSTS.read(), table.HTTPS.read()) == ("shaoxing", ("a.cn", "b.cn"), True)
    monkeypatch.setenv("STAVEWORKS_NODE", "keqiao")
    assert table.NODE.read() == "keqiao"
    monkeypatch.setenv("STAVEWORKS_NODE", "")
    assert table.NODE.read() == "shaoxing", "an empty variable counts as not set"


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n", "utf-8")
    monkeypatch.setenv("STAVEWORKS_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert table.SECRET_KEY.read() == "k" * 40
    monkeypatch.setenv("STAVEWORKS_NODE_FILE", str(tmp_path / "key"))
    assert table.NODE.read() == "cloud", "only secrets are read so"
    monkeypatch.setenv("STAVEWORKS_SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(WrongSetting, match="STAVEWORKS_SECRET_KEY_FILE"):
        table.SECRET_KEY.read()


def test_the_owners_address_is_not_taken_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web server reads the same file, and must not be able to change the schema."""
    file(tmp_path, 'database_owner_url = "postgresql://owner@db/x"', monkeypatch)
    assert table.DATABASE_OWNER_URL.read() is None
    with pytest.raises(WrongSetting, match="database_owner_url"):
        check_settings()


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("STAVEWORKS_API_LIMIT_TOKEN", "many", "1 to 1000000"),
        ("STAVEWORKS_API_LIMIT_TOKEN", "0", "1 to 1000000"),
        ("STAVEWORKS_HTTPS", "maybe", "1 or 0"),
        ("STAVEWORKS_ORIGINS", "cluster.example.cn", "origin with scheme"),
        ("STAVEWORKS_SECRET_KEY", "short", "32 characters"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "postgresql://role:password@host:port/database"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted_and_never_shown(
    name: str, value: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as told:
        check_settings()
    assert name in told.value.text.en
    assert name in told.value.text.zh
    assert wanted in told.value.text.en
    assert f'"{value}"' not in str(told.value)
    assert "hunter2" not in str(told.value)


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAVEWORKS_HTTPS", "perhaps")
    monkeypatch.setenv("STAVEWORKS_API_LIMIT_ADDRESS", "-1")
    with pytest.raises(WrongSetting) as told:
        check_settings()
    assert len(told.value.text.en.splitlines()) == len(told.value.text.zh.splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hots = []", "hots (hosts?)"),
        ("hosts = [1]", "STAVEWORKS_HOSTS"),
        ("https = 2", "STAVEWORKS_HTTPS"),
        ("api_limit_token = true", "STAVEWORKS_API_LIMIT_TOKEN"),
        ("= 1", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file(tmp_path, text, monkeypatch)
    with pytest.raises(WrongSetting) as told:
        check_settings()
    assert said in told.value.text.en


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAVEWORKS_CONFIG", "/nowhere/staveworks.toml")
    with pytest.raises(WrongSetting, match="STAVEWORKS_CONFIG"):
        check_settings()


def test_a_mistyped_variable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_variables() == []
    monkeypatch.setenv("STAVEWORKS_HTTP", "1")
    monkeypatch.setenv("STAVEWORKS_SECRET_KEY_FILE", "/x")
    assert unknown_variables() == ["STAVEWORKS_HTTP (STAVEWORKS_HTTPS?)"]


def test_networks_are_addresses_or_ranges() -> None:
    from staveworks.kit.configuration.kinds import NETWORKS

    assert NETWORKS.parse("127.0.0.1, 10.0.0.0/8") == (
        ipaddress.ip_network("127.0.0.1/32"),
        ipaddress.ip_network("10.0.0.0/8"),
    )
