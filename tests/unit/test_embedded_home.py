"""Where data lies, and what the embedded server is told, without starting one."""

import stat
from pathlib import Path

import pytest

from staveworks.db.embedded.cluster import settings
from staveworks.db.embedded.secrets import Access, load_access, new_access, save_access
from staveworks.db.home import home_folder, make_home


def test_the_home_is_the_one_named() -> None:
    assert home_folder({"STAVEWORKS_HOME": "/srv/cluster", "XDG_DATA_HOME": "/data"}) == Path("/srv/cluster")


def test_the_home_lies_in_the_data_folder_of_xdg() -> None:
    assert home_folder({"XDG_DATA_HOME": "/data"}) == Path("/data/staveworks")


@pytest.mark.parametrize("xdg", ["", "relative/path"])
def test_a_data_folder_that_xdg_declares_void_is_ignored(xdg: str) -> None:
    assert home_folder({"XDG_DATA_HOME": xdg}) == Path.home() / ".local/share/staveworks"


def test_others_may_pass_through_a_new_home_but_not_list_it(tmp_path: Path) -> None:
    home = make_home(tmp_path / "deep" / "home")
    assert stat.S_IMODE(home.stat().st_mode) == 0o711


def test_an_existing_home_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert stat.S_IMODE(make_home(tmp_path).stat().st_mode) == 0o700


def test_passwords_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    access = new_access(5432)
    save_access(tmp_path, access)
    save_access(tmp_path, access.at(5433))
    file = tmp_path / "database.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_access(tmp_path) == Access(5433, access.passwords)


def test_a_fresh_home_has_no_passwords(tmp_path: Path) -> None:
    assert load_access(tmp_path) is None


def test_each_role_has_its_own_password() -> None:
    assert len(set(new_access(1).passwords.values())) == 4


def test_no_password_shows_in_a_traceback() -> None:
    access = new_access(1)
    shown = repr(access) + repr(access.urls("staveworks"))
    assert not any(password in shown for password in access.passwords.values())


def test_the_superuser_is_not_handed_to_processes() -> None:
    environment = new_access(1).urls("staveworks").environment()
    assert set(environment) == {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_CROSS_URL"}
    assert not any("postgres:" in url for url in environment.values())


def test_the_server_listens_on_this_machine_only_and_flushes_to_disk() -> None:
    chosen = settings(5432)
    assert (chosen["listen_addresses"], chosen["unix_socket_directories"]) == ("'127.0.0.1'", "''")
    assert "fsync" not in chosen
    assert settings(5432, durable=False)["fsync"] == "off"
