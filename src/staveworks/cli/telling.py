"""What a running installation tells on stderr: a line for people, or JSON like the rest of the log (``STAVEWORKS_LOGS``)."""

import json
import time
from datetime import UTC, datetime

import click

from staveworks.kit.configuration.table import LOGS


def tell(who: str, what: str) -> None:
    """One line: time, who, what."""
    if LOGS.read() == "text":
        click.echo(f"{time.strftime('%H:%M:%S')} {who:<8} {what}", err=True)
        return
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"at": at, "level": "INFO", "logger": f"staveworks.run.{who}", "message": what, "reference": "-"}
    click.echo(json.dumps(line, ensure_ascii=False), err=True)
