"""Places outside to sign in from: what a description must have, and what is said of a wrong one."""

from pathlib import Path
from typing import Any

import pytest

from staveworks.kit.configuration import sign_in
from staveworks.kit.configuration.checking import check_settings
from staveworks.kit.configuration.setting import WrongSetting
from staveworks.kit.configuration.table import SIGN_IN
from tests.environment import without_settings

OIDC = {
    "kind": "oidc",
    "id": "park",
    "name_zh": "园区账号",
    "name_en": "Park account",
    "server": "https://id.park.example",
    "client_id": "staveworks",
}
WHOLE: dict[str, dict[str, Any]] = {
    "oidc": OIDC,
    "saml": {**OIDC, "kind": "saml", "entity_id": "https://id.park.example", "certificate": "MII…"},
    "ldap": {**OIDC, "kind": "ldap", "server": "ldap://d.example", "start_tls": True, "search_base": "dc=x"},
    "wecom": {**OIDC, "kind": "wecom", "corporation_id": "ww1", "agent_id": "1000002", "secret": "s"},
    "dingtalk": {**OIDC, "kind": "dingtalk", "secret": "s"},
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_description_is_taken(kind: str) -> None:
    (place,) = sign_in.sign_ins([WHOLE[kind]])
    assert (place.kind, place.id, place.name.zh, place.newcomers, place.trusts_email) == (
        kind,
        "park",
        "园区账号",
        True,
        False,
    )


@pytest.mark.parametrize("kind", WHOLE)
def test_each_thing_that_a_kind_needs_is_missed(kind: str) -> None:
    for key in ("id", "name_zh", "name_en", *sign_in.NEEDS[kind]):
        lacking = {name: value for name, value in WHOLE[kind].items() if name != key}
        with pytest.raises(sign_in.Invalid, match=key):
            sign_in.sign_ins([lacking])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "oauth"}, "kind should be one of"),
        ({"id": "Park!"}, "small letters"),
        ({"serverr": "x"}, "there is no serverr (server?)"),
        ({"newcomers": "no"}, "newcomers is of the wrong type"),
        ({"server": "http://id.park.example"}, "encrypted"),
        ({"kind": "ldap", "server": "ldap://d.example", "search_base": "dc=x"}, "encrypted"),
        ({"server": "id.park.example"}, "whole address"),
        ({"secret_file": "/nowhere"}, "secret_file can't be read"),
    ],
)
def test_a_wrong_description_is_named_without_its_secret(change: dict[str, Any], said: str) -> None:
    with pytest.raises(sign_in.Invalid) as told:
        sign_in.sign_ins([{**OIDC, "secret": "hunter2", **change}])
    assert said in told.value.text.en
    assert "hunter2" not in str(told.value)


def test_two_places_have_two_ids() -> None:
    with pytest.raises(sign_in.Invalid, match="two have this id"):
        sign_in.sign_ins([OIDC, OIDC])


def test_a_kind_whose_extra_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "find_spec", lambda name: None)
    with pytest.raises(sign_in.Invalid, match=r"staveworks\[saml\]"):
        sign_in.sign_ins([WHOLE["saml"]])
    assert sign_in.sign_ins([OIDC])


def test_a_secret_does_not_show_in_a_traceback() -> None:
    (place,) = sign_in.sign_ins([{**OIDC, "secret": "hunter2"}])
    assert "hunter2" not in repr(place)


def test_places_come_from_the_file_or_as_json_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_settings(monkeypatch)
    (tmp_path / "secret").write_text("of-the-client\n", "utf-8")
    file = tmp_path / "staveworks.toml"
    lines = [f"{key} = {value!r}" for key, value in OIDC.items()]
    file.write_text("\n".join(["[[sign_in]]", *lines, f'secret_file = "{tmp_path / "secret"}"']), "utf-8")
    monkeypatch.setenv("STAVEWORKS_CONFIG", str(file))
    check_settings()
    assert [place.secret for place in SIGN_IN.read()] == ["of-the-client"]
    monkeypatch.setenv("STAVEWORKS_SIGN_IN", '[{"kind": "oidc"}]')
    with pytest.raises(WrongSetting, match="STAVEWORKS_SIGN_IN: Place 1"):
        check_settings()
    monkeypatch.setenv("STAVEWORKS_SIGN_IN", "[")
    with pytest.raises(WrongSetting, match="JSON array"):
        check_settings()
