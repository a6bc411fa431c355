"""The key that signs, made once where none is given."""

import os
import secrets

from staveworks.db.home import home_folder, make_home
from staveworks.kit.configuration.table import SECRET_KEY


def secret_key() -> str:
    """The signing key: ``STAVEWORKS_SECRET_KEY``, else a random one kept in the data folder, readable by its owner only."""
    if given := SECRET_KEY.read():
        return given
    path = make_home(home_folder()) / "secret_key"
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
