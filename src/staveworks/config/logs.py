"""What a line of the log looks like, and what never stands in one: personal data and secrets.

Messages of exceptions are left out, because they quote what people typed and what rows hold: the log names the kind of
exception, where it was raised, and of a database error its SQLSTATE, table and constraint. What is left is searched for
telephone numbers, e-mail addresses, tokens and passwords.
"""

import logging
import re
import traceback
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

from staveworks.config.requests import route_of
from staveworks.kit.reference import reference_now

type Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
HIDDEN = "…"
KEPT = {
    "at",
    "level",
    "logger",
    "message",
    "reference",
    "failure",
    "method",
    "route",
    "status",
    "milliseconds",
}
SECRETS = [
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"(?i)(['\"]?\b(?:password|passwd|secret|token|code|cookie|session\w*|api_?key)['\"]?\s*[=:]\s*)(\S+)"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
    (re.compile(r"(?<![\w-])(?:\+\d{1,3}[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![\w-])"), HIDDEN),
    (re.compile(r"(?<![\w-])\+\d{7,15}(?![\w-])"), HIDDEN),
]


def without_secrets(text: str) -> str:
    """``text`` with whatever looks like a secret, an e-mail address or a telephone number taken out."""
    for shape, instead in SECRETS:
        text = shape.sub(instead, text)
    return text


def told_of(failure: Failure) -> str:
    """An exception with its causes: kinds and places, no messages."""
    _, error, _ = failure
    lines: list[str] = []
    while error is not None:
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}{_of_database(error)}")
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {frame.filename}:{frame.lineno} {frame.name}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _of_database(error: BaseException) -> str:
    diagnosis = getattr(error, "diag", None)
    facts = {
        name: getattr(diagnosis, name, None)
        for name in ("sqlstate", "table_name", "column_name", "constraint_name")
    }
    said = ", ".join(f"{name}={value}" for name, value in facts.items() if value)
    return f" ({said})" if said else ""


class Discreet(logging.Filter):
    """On every handler: the reference added; what Django says of a request, which quotes its address or host, put as its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = reference_now() or "-"
        if isinstance(request := getattr(record, "request", None), HttpRequest):
            status = getattr(record, "status_code", "")
            record.msg, record.args = f"{request.method} {route_of(request)} {status}", None
        return True


class Plain(logging.Formatter):
    """One line for people."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{reference}] {message}", style="{")

    def formatException(self, ei: Any) -> str:
        return told_of(ei)

    def format(self, record: logging.LogRecord) -> str:
        kept, record.exc_text = record.exc_text, None  # another formatter may have left the messages there
        try:
            return without_secrets(super().format(record))
        finally:
            record.exc_text = kept


class Json(JsonFormatter):
    """One JSON object a line: ``at``, ``level``, ``logger``, ``message``, ``reference``, and of what else the record holds `KEPT`."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message", "reference"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "failure"},
            timestamp="at",
            json_ensure_ascii=False,
        )

    def formatException(self, ei: Any) -> str:
        return told_of(ei)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: _safe(value) for name, value in log_data.items() if name in KEPT}


def _safe(value: object) -> object:
    return without_secrets(value) if isinstance(value, str) else value


def logging_of(shape: str, level: str = "INFO") -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig`; ``shape``: text or json."""
    formatter = Json if shape == "json" else Plain
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": Discreet}},
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "procrastinate": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "staveworks.request": {"level": "INFO" if shape == "json" else "WARNING"},
            "_granian": {"level": "WARNING"},
        },
    }
