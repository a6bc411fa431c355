"""A directory (LDAP): find the entry of a login, then try its password by signing in as it."""

import logging
from urllib.parse import urlsplit

from staveworks.kit.configuration.sign_in import SignIn
from staveworks.kit.errors import Busy, Invalid
from staveworks.kit.text import Text

log = logging.getLogger("staveworks.directory")
PATIENCE_S = 10


class WrongPassword(Invalid):
    """The directory knows no such login, or its password is another; which of the two is not said."""

    text = Text(zh="账号或密码不对。", en="The account or the password is wrong.")


class DirectoryAway(Busy):
    """The directory didn't answer, or not as expected."""

    text = Text(
        zh="目录服务没有回应，请稍后再试，或用手机号、邮箱登录。",
        en="The directory doesn’t answer. Try again later, or sign in by phone or e-mail.",
    )


def look_up(place: SignIn, *, login: str, password: str) -> dict[str, str]:
    """``uid``, ``name`` and ``email`` of who proves herself by ``password``. Raises ``WrongPassword``, ``DirectoryAway``."""
    from ldap3.core.exceptions import LDAPException

    if not login.strip() or not password:  # an empty password would be an anonymous bind, which succeeds
        raise WrongPassword
    try:
        return _look_up(place, login.strip(), password)
    except LDAPException as error:
        log.warning("the directory %s can't be asked", place.id, exc_info=error)
        raise DirectoryAway from error


def _look_up(place: SignIn, login: str, password: str) -> dict[str, str]:
    from ldap3 import SUBTREE, Connection
    from ldap3.utils.conv import escape_filter_chars

    wanted = [place.uid_attribute, place.name_attribute, place.email_attribute]
    with _connection(place, place.bind_dn, place.secret) as search:
        assert isinstance(search, Connection)
        search.search(
            place.search_base,
            place.search_filter.format(login=escape_filter_chars(login)),
            SUBTREE,
            attributes=wanted,
            size_limit=2,
        )
        entries = [entry for entry in search.response or [] if entry["type"] == "searchResEntry"]
    if len(entries) != 1:
        raise WrongPassword
    own = _connection(place, entries[0]["dn"], password)
    if not own.bind():
        raise WrongPassword
    own.unbind()
    uid, name, email = (entries[0]["raw_attributes"].get(attribute) for attribute in wanted)
    if not uid:
        raise DirectoryAway
    return {"uid": readable(uid[0]), "name": _text(name) or login, "email": _text(email).lower()}


def readable(value: bytes) -> str:
    """An identifier as text; one of bytes, such as Active Directory's objectGUID, in hexadecimal digits."""
    text = value.decode("ascii", errors="replace")
    return text if text.isprintable() and text.isascii() else value.hex()


def _text(values: list[bytes] | None) -> str:
    return values[0].decode(errors="replace").replace("\0", "") if values else ""


def _connection(place: SignIn, user: str, password: str):  # type: ignore[no-untyped-def]
    import ssl

    from ldap3 import AUTO_BIND_DEFAULT, NONE, Connection, Server, Tls

    parts = urlsplit(place.server)
    server = Server(
        place.server,
        use_ssl=parts.scheme == "ldaps",
        get_info=NONE,
        connect_timeout=PATIENCE_S,
        tls=Tls(validate=ssl.CERT_REQUIRED),
    )
    connection = Connection(
        server, user or None, password or None, receive_timeout=PATIENCE_S, auto_bind=AUTO_BIND_DEFAULT
    )
    if place.start_tls:
        connection.open()
        connection.start_tls()
    return connection
