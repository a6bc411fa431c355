"""``docs/reference/configuration.md`` from the table of settings: ``python -m staveworks.config.reference > FILE``."""

from enum import Enum
from typing import Any

from staveworks.kit.configuration.setting import Setting
from staveworks.kit.configuration.table import SECTIONS
from staveworks.kit.text import Text

HEAD = """# Configuration 配置

Generated from `src/staveworks/kit/configuration/table.py`; a test compares the two. After a change of the table, run
`python -m staveworks.config.reference > docs/reference/configuration.md`.

None is needed to start on one machine. A value comes from the environment, else from the TOML file that `STAVEWORKS_CONFIG` names, else it is the
default. In the file a setting has its name in small letters without `STAVEWORKS_`: `hosts = ["cluster.example.cn"]`, `https = true`.
Secrets (●) may also lie in a file of their own, named by the variable with `_FILE` at its end. Those marked ◦ are read from the environment only.
A value that can't be used ends the start with exit code 1 and a line that names the setting; so does an unknown key of the file. An unknown variable
that begins with `STAVEWORKS_` is named on stderr and ignored.

一台机器上试用不必配置。取值顺序：环境变量、`STAVEWORKS_CONFIG` 指的 TOML 文件、默认值。文件里的键是去掉 `STAVEWORKS_` 的小写名。标 ● 的是秘密，
也可以放在单独的文件里，用变量名加 `_FILE` 指明路径。标 ◦ 的只能用环境变量。写错的值会在启动时指出，程序以退出码 1 结束。
"""

TAIL = """## The three roles 三个数据库角色

A URL looks like `postgresql://role:password@host:5432/database?sslmode=verify-full`.

| role | is | may |
|---|---|---|
| `staveworks_owner` | owner of database and tables | change the schema; with row-level security it sees rows of ledger, reservations, vouchers only |
| `staveworks_app` | no superuser, no `BYPASSRLS`, owns nothing | read and write what row-level security shows for the acting organisation |
| `staveworks_cross` | `BYPASSRLS`, no superuser | read everything; write only what a migration grants it |

`deploy/roles.sql` makes them. At the start the program refuses a `DATABASE_URL` whose role is a superuser, has `BYPASSRLS` or owns tables.

## Commands 命令

`staveworks run` takes `--host`, `--port`, `--workers`, `--no-demo`; every command explains itself with `--help`. Exit codes: 0 done, 1 it could not
(one line on stderr says why; `migrate --check`: something is pending), 2 wrong usage. With `--json` stdout holds JSON only.

The test server's data lie in the temporary folder, `staveworks-tests-<user id>`: deleting it is harmless.
"""
ROW = ("Setting 设置", "Type 类型", "Default 默认", "Meaning 含义")


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([HEAD, *(_section(name, settings) for name, settings in SECTIONS.items()), TAIL])


def _section(name: Text, settings: tuple[Setting[Any], ...]) -> str:
    lines = [ROW, ("---",) * len(ROW), *map(_row, settings)]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return f"## {name.en} {name.zh}\n\n{table}\n"


def _row(setting: Setting[Any]) -> tuple[str, ...]:
    marks = (" ●" if setting.secret else "") + (" ◦" if setting.only_environment else "")
    return (f"`{setting.name}`{marks}", _both(setting.kind.name), _default(setting), _both(setting.meaning))


def _default(setting: Setting[Any]) -> str:
    if setting.default is None or setting.default == () or callable(setting.default):
        return _both(setting.without)
    if isinstance(setting.default, bool):
        return f"`{int(setting.default)}`"
    value = setting.default.value if isinstance(setting.default, Enum) else setting.default
    return f"`{','.join(map(str, value)) if isinstance(value, tuple) else value}`"


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.en}<br>{text.zh}"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201
