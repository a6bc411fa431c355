"""Three roles, three connections: the application's, the owner's (migrations), and the one that sees all (listed jobs)."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from staveworks.kit.configuration import table
from staveworks.kit.configuration.setting import Setting

ATOMIC_REQUESTS = False


def _connection(url: Setting[str | None], *, persistent: bool) -> dict[str, Any]:
    given = conninfo_to_dict(url.read() or "postgresql://nobody@127.0.0.1:1/unconfigured")
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    options: dict[str, Any] = {key: value for key, value in given.items() if key not in names}
    options["options"] = (
        "-c lock_timeout=3000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000"
        if persistent
        else "-c lock_timeout=3000"
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(given.get(key) or "") for key, name in names.items()},
        "CONN_MAX_AGE": 600 if persistent else 0,
        "CONN_HEALTH_CHECKS": persistent,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": options,
    }


DATABASES = {
    "default": _connection(table.DATABASE_URL, persistent=True),
    "owner": _connection(table.DATABASE_OWNER_URL, persistent=False),
    "cross": _connection(table.DATABASE_CROSS_URL, persistent=True),
}
