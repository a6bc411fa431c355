"""The settings of the application, with a home of their own and nothing that only costs time in a test."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="staveworks-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["STAVEWORKS_HOME"] = _home
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_CROSS_URL"):
    os.environ.pop(_name, None)  # tests bring their own database; an operator's must never be touched
    os.environ.pop(f"{_name}_FILE", None)
os.environ.pop("STAVEWORKS_CONFIG", None)

from staveworks.config.settings import *  # noqa: E402, F403
from staveworks.config.settings import DATABASES as CONNECTIONS  # noqa: E402
from staveworks.config.settings import MECHANISMS as SHIPPED  # noqa: E402
from staveworks.config.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "tests.statics.Uncollected"}}
MECHANISMS = {**SHIPPED, "plain": "tests.trading:MECHANISM"}
DATABASES = {
    alias: {**database, "ENGINE": "tests.engine"} if alias != "owner" else database
    for alias, database in CONNECTIONS.items()
}
