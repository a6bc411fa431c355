"""Settings by concern. Everything that differs between installations comes from the environment (docs/reference/configuration.md)."""

from staveworks.config.settings.api import *  # noqa: F403
from staveworks.config.settings.base import *  # noqa: F403
from staveworks.config.settings.database import *  # noqa: F403
from staveworks.config.settings.notices import *  # noqa: F403
from staveworks.config.settings.people import *  # noqa: F403
from staveworks.config.settings.security import *  # noqa: F403
from staveworks.config.settings.trade import *  # noqa: F403
