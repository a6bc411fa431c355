"""The settings of the tests with the product's own way to the database: tests send some statements together."""

from tests.settings import *  # noqa: F403
from tests.settings import CONNECTIONS

DATABASES = CONNECTIONS
