"""The demo cluster: three textile cities, made through use cases with a fixed seed, marked, and removable by one command."""

from staveworks.demo.alive import keep_alive
from staveworks.demo.make import is_made, make, world
from staveworks.demo.people import PASSWORD, logins
from staveworks.demo.remove import remove

__all__ = ["PASSWORD", "is_made", "keep_alive", "logins", "make", "remove", "world"]
