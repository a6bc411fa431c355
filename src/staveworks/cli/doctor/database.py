"""The database: its version, its roles, its schema, its clock, whether it keeps what it acknowledges."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg

from staveworks.cli.doctor.finding import Finding, advice, broken, ok, span
from staveworks.db.keeping.errors import NoPrograms
from staveworks.db.keeping.programs import client_programs
from staveworks.db.roles import WrongRole, check_app_role, check_cross_role
from staveworks.kit.text import Text

OLDEST, NEWEST = 15, 18
NEEDED = ("btree_gist", "pg_trgm")
SKEW_S, MUCH_SKEW_S = 2, 30
ROLES_SQL = Text(zh="以超级用户运行 deploy/roles.sql", en="run deploy/roles.sql as superuser")

Connection = psycopg.Connection[tuple[Any, ...]]


def look_at_roles(app: str, cross: str | None) -> Iterator[Finding]:
    """The addresses lead to roles that may do what they are for, and no more."""
    wrong = []
    for check, url in ((check_app_role, app), (check_cross_role, cross)):
        try:
            if url:
                check(url)
        except WrongRole as error:
            wrong.append(broken("roles", error.text, ROLES_SQL))
    if cross is None:
        wrong.append(
            broken(
                "roles",
                Text(
                    zh="没有 DATABASE_CROSS_URL，封存、备份和跨单位统计都不能进行。",
                    en="Without DATABASE_CROSS_URL there is no sealing, no backup, no figure over firms.",
                ),
                Text(zh="设置它，见 docs/how-to/install.md", en="set it, see docs/how-to/install.md"),
            )
        )
    yield from wrong or [
        ok(
            "roles",
            Text(
                zh="应用角色受行级安全约束，不是所有者。",
                en="The application's role is held by row security and owns nothing.",
            ),
        )
    ]


def look_at_database(cross: Connection, url: str) -> Iterator[Finding]:
    yield _version(cross)
    yield _durability(cross)
    yield _extensions(cross)
    yield _clock(cross)
    yield from _others_who_see_all(cross)
    yield from _policies(cross)
    yield from _readable(cross)
    yield _programs(cross, url)


def _one(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query.encode(), values or None).fetchone()
    return row[0] if row else None


def _version(cross: Connection) -> Finding:
    major, shown = cross.info.server_version // 10_000, _one(cross, "SHOW server_version")
    told = Text(zh=f"PostgreSQL {shown}", en=f"PostgreSQL {shown}")
    if major < OLDEST:
        return broken("database", told, Text(zh="升级到 15 或更新版本", en="upgrade to 15 or newer"))
    if major > NEWEST:
        return advice(
            "database",
            told,
            Text(zh=f"测试只用过 {OLDEST} 到 {NEWEST}", en=f"the tests ran on {OLDEST} to {NEWEST}"),
        )
    return ok("database", told)


def _durability(cross: Connection) -> Finding:
    off = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if _one(cross, f"SHOW {name}") == "off"
    ]
    if not off:
        return ok(
            "durability", Text(zh="确认过的写入都在磁盘上。", en="What was acknowledged is on the disk.")
        )
    return broken(
        "durability",
        Text(
            zh=f"{'、'.join(off)} 已关闭：断电会丢失已确认的数据。",
            en=f"{', '.join(off)} is off: a power cut loses what was acknowledged.",
        ),
        Text(zh="在 PostgreSQL 配置里打开", en="switch it on in PostgreSQL's configuration"),
    )


def _extensions(cross: Connection) -> Finding:
    there = {row[0] for row in cross.execute("SELECT extname FROM pg_extension")}
    missing = [name for name in NEEDED if name not in there]
    if missing:
        return broken(
            "extensions",
            Text(zh=f"缺少扩展 {'、'.join(missing)}。", en=f"Missing: {', '.join(missing)}."),
            ROLES_SQL,
        )
    return ok("extensions", Text(zh="所需扩展齐全。", en="All that are needed are there."))


def _clock(cross: Connection) -> Finding:
    before = time.time()
    theirs = float(_one(cross, "SELECT extract(epoch FROM clock_timestamp())"))
    skew = abs(theirs - (before + time.time()) / 2)
    told = Text(
        zh="与数据库的时钟相差 {name}。", en="The clocks of machine and database differ by {name}."
    ).format_each(span(skew))
    if skew <= SKEW_S:
        return ok("clock", told)
    repair = Text(zh="两台机器都用 NTP 校时", en="keep both machines' clocks by NTP")
    return broken("clock", told, repair) if skew > MUCH_SKEW_S else advice("clock", told, repair)


def _others_who_see_all(cross: Connection) -> Iterator[Finding]:
    others = [
        row[0]
        for row in cross.execute(
            "SELECT rolname FROM pg_roles WHERE rolbypassrls AND NOT rolsuper AND rolcanlogin AND rolname <> current_user "
            "AND has_database_privilege(rolname, current_database(), 'CONNECT') ORDER BY 1"
        )
    ]
    if others:
        names = "、".join(others)
        yield advice(
            "roles",
            Text(zh=f"{names} 也能绕过行级安全。", en=f"{', '.join(others)} can bypass row security, too."),
            Text(
                zh="确认必要，否则 ALTER ROLE … NOBYPASSRLS",
                en="make sure that it must, else ALTER ROLE … NOBYPASSRLS",
            ),
        )


def _policies(cross: Connection) -> Iterator[Finding]:
    """Tables that hold somebody's rows and aren't guarded, as the models declare them."""
    from django.apps import apps

    declared = [
        model._meta.db_table
        for model in apps.get_models()
        if (tenancy := getattr(model, "tenancy", None)) and tenancy.kind != "common"
    ]
    open_tables = [
        row[0]
        for row in cross.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) "
            "AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1",
            [declared],
        )
    ]
    if open_tables:
        yield broken(
            "policies",
            Text(
                zh=f"{'、'.join(open_tables)} 没有行级安全。",
                en=f"Without row security: {', '.join(open_tables)}.",
            ),
            Text(zh="从备份恢复，或联系维护者", en="restore from a backup, or ask the maintainers"),
        )
    else:
        yield ok(
            "policies",
            Text(
                zh=f"{len(declared)} 张表受行级安全保护。",
                en=f"{len(declared)} tables are guarded by row security.",
            ),
        )


def _readable(cross: Connection) -> Iterator[Finding]:
    shut = [
        row[0]
        for row in cross.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') "
            "AND NOT CASE relkind WHEN 'r' THEN has_table_privilege(oid, 'SELECT') ELSE has_sequence_privilege(oid, 'SELECT') END"
        )
    ]
    if shut:
        yield broken(
            "roles",
            Text(
                zh=f"跨单位角色读不到 {'、'.join(shut)}，无法备份。",
                en=f"The cross role can't read {', '.join(shut)}: no backup is possible.",
            ),
            ROLES_SQL,
        )


def _programs(cross: Connection, url: str) -> Finding:
    try:
        client_programs(url, cross.info.server_version // 10_000)
    except NoPrograms as error:
        return broken(
            "programs",
            error.text,
            Text(zh="见 docs/how-to/back-up-and-restore.md", en="see docs/how-to/back-up-and-restore.md"),
        )
    return ok(
        "programs", Text(zh="备份所需的客户端程序齐全。", en="The client programs for backups are there.")
    )


def look_at_schema() -> Finding:
    from staveworks.db import schema

    pending = schema.pending("default")
    if pending:
        return broken(
            "schema",
            Text(zh=f"有 {len(pending)} 项结构更新未执行。", en=f"{len(pending)} migrations are pending."),
            Text(zh="运行 staveworks upgrade", en="run `staveworks upgrade`"),
        )
    return ok("schema", Text(zh="数据库结构已是最新。", en="The schema is up to date."))
