"""Statements that answer nothing wait and go with the next one that does, in one message.

A test runs in one long transaction: each use case in it costs two savepoints' statements and two that say who acts, around a
single question. Nothing is left out but savepoints in which nothing was asked, and the order stays.
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg import sql

WHO_ACTS = "SELECT set_config('app.org', %s, true)"
"""How ``staveworks.db.transaction`` says it."""


class AheadCursor(base.Cursor):  # type: ignore[misc]
    """Sends what waits together with its own statement; the answer is its own."""

    ahead = said = ""

    @property
    def waiting(self) -> list[str]:
        return self.connection.waiting

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> Any:
        if isinstance(query, str) and query.startswith(WHO_ACTS) and not self.connection.autocommit:
            self.said = self.mogrify(query, params)
            self._wait(self.said)
            return self
        self.said = ""
        if not self.waiting:
            self.ahead = ""
            return super().execute(query, params, **kwargs)
        text = query if isinstance(query, str) else sql.SQL("{}").format(query).as_string(self.connection)
        self.ahead, before = ";".join(self.waiting) + ";", len(self.waiting)
        self.waiting.clear()
        super().execute(
            (self.ahead if params is None else self.ahead.replace("%", "%%")) + text, params, **kwargs
        )
        for _ in range(before):
            self.nextset()
        return self

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        self.send()
        return super().executemany(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self.send()
        return super().copy(*args, **kwargs)

    def send(self) -> None:
        if self.waiting:
            self.execute("SELECT")

    def _wait(self, who: str) -> None:
        """Who was said to act before, and asked nothing, isn't told at all."""
        if self.waiting and self.waiting[-1].startswith(WHO_ACTS.partition(" %s")[0]):
            self.waiting.pop()
        self.waiting.append(who)


class Operations(DatabaseOperations):
    """Tests that look at statements see those that were asked."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        return cursor.said or super().last_executed_query(cursor, sql, params).removeprefix(cursor.ahead)


class DatabaseWrapper(base.DatabaseWrapper):
    """Savepoints wait too; one that ends before anything was asked in it is never made."""

    ops_class = Operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: list[str] = []

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.waiting.clear()
        connection = super().get_new_connection(conn_params)
        connection.cursor_factory, connection.waiting = AheadCursor, self.waiting
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        if name:
            with self.cursor() as cursor:
                cursor.cursor.send()
        return super().create_cursor(name)

    def _savepoint(self, sid: str) -> None:
        self.waiting.append(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        made = self.ops.savepoint_create_sql(sid)
        if made in self.waiting:
            self.waiting.remove(made)
        else:
            self.waiting.append(self.ops.savepoint_commit_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        made = self.ops.savepoint_create_sql(sid)
        if made in self.waiting:
            del self.waiting[self.waiting.index(made) + 1 :]
            return
        self.waiting.clear()
        super()._savepoint_rollback(sid)

    def _commit(self) -> Any:
        self.waiting.clear()
        return super()._commit()

    def _rollback(self) -> Any:
        self.waiting.clear()
        return super()._rollback()

    def _close(self) -> Any:
        self.waiting.clear()
        return super()._close()
