"""Port and passwords of the embedded server, kept in ``database.json`` (mode 0600) in the home folder."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote

HOST = "127.0.0.1"
SUPERUSER = "postgres"
OWNER = "staveworks_owner"
APP = "staveworks_app"
CROSS = "staveworks_cross"
ROLES = (SUPERUSER, OWNER, APP, CROSS)


@dataclass(frozen=True, slots=True, repr=False)
class Urls:
    """Connection URLs by role (``docs/reference/configuration.md`` says who may use which). No passwords in a traceback."""

    app: str
    owner: str
    cross: str
    superuser: str

    def environment(self) -> dict[str, str]:
        """The variables by which settings learn them. The superuser's is left out: no process of ours needs it."""
        return {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner, "DATABASE_CROSS_URL": self.cross}


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """How to reach the server: a remembered port and one password per role."""

    port: int
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{quote(self.passwords[role])}@{HOST}:{self.port}/{database}"

    def urls(self, database: str) -> Urls:
        app, owner, cross, superuser = (self.url(role, database) for role in (APP, OWNER, CROSS, SUPERUSER))
        return Urls(app=app, owner=owner, cross=cross, superuser=superuser)

    def at(self, port: int) -> "Access":
        return replace(self, port=port)


def load_access(home: Path) -> Access | None:
    """What was remembered, or None in a fresh home."""
    try:
        return Access(**json.loads((home / "database.json").read_text("utf-8")))
    except FileNotFoundError:
        return None


def save_access(home: Path, access: Access) -> None:
    """Replace the file whole: half of it would lock everybody out of the data."""
    new = home / "database.json.new"
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(access), file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / "database.json")


def new_access(port: int) -> Access:
    return Access(port, {role: secrets.token_urlsafe(24) for role in ROLES})
