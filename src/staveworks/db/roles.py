"""The three roles of ``docs/reference/configuration.md`` in a database, and the refusal to run as a wrong one."""

from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text

Row = tuple[Any, ...]


class WrongRole(StaveworksError):
    """A connection URL names a role that must not be used for this purpose."""


def roles_sql() -> str:
    """The statements a superuser runs once per database (also ``deploy/roles.sql``)."""
    return files("staveworks.db").joinpath("sql/roles.sql").read_text("utf-8")


def prepare_database(server_url: str, database_url: str, database: str) -> None:
    """As superuser: make the database if missing and run `roles_sql` in it; both may be repeated."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    with psycopg.connect(database_url) as connection:
        connection.execute(roles_sql().encode())


def set_passwords(server_url: str, passwords: dict[str, str]) -> None:
    """As superuser: give each role its password, hashed on this side so that no log can show it."""
    with psycopg.connect(server_url) as connection:
        for role, password in passwords.items():
            hashed = connection.pgconn.encrypt_password(
                password.encode(), role.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
            )


FACTS = """
SELECT current_user, rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid),
       pg_has_role(current_user, pg_get_userbyid(datdba), 'MEMBER')
FROM pg_roles, pg_database
WHERE rolname = current_user AND datname = current_database()
"""


def check_app_role(url: str) -> None:
    """Raise `WrongRole` unless this role is held by row-level security: neither superuser, BYPASSRLS nor owner."""
    name, superuser, bypass, owns, member = _facts(url)
    reasons = [
        reason
        for case, reason in (
            (superuser, Text(zh="是超级用户", en="is a superuser")),
            (bypass, Text(zh="能绕过行级安全（BYPASSRLS）", en="has BYPASSRLS")),
            (owns or member, Text(zh="是数据库或表的所有者", en="owns the database or tables in it")),
        )
        if case
    ]
    if reasons:
        raise WrongRole(
            Text(
                zh="DATABASE_URL 的角色 {name} {why}，各企业的数据将互相可见，拒绝启动。",
                en="The role {name} of DATABASE_URL {why}: firms could see each other's data. Refusing to start.",
            ).format(name=name, why=reasons[0])
        )


def check_cross_role(url: str) -> None:
    """Raise `WrongRole` unless this role sees all rows without being a superuser."""
    name, superuser, bypass, _, _ = _facts(url)
    if superuser or not bypass:
        raise WrongRole(
            Text(
                zh="DATABASE_CROSS_URL 的角色 {name} 必须有 BYPASSRLS 且不是超级用户。",
                en="The role {name} of DATABASE_CROSS_URL must have BYPASSRLS and must not be a superuser.",
            ).format(name=name)
        )


def _facts(url: str) -> Row:
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute(FACTS).fetchone()
    if row is None:
        raise WrongRole(Text(zh="查不到当前角色。", en="The current role can't be looked up."))
    return row
