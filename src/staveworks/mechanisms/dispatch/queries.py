"""Reads of the room that others call."""

from staveworks.mechanisms.dispatch.dispatchable_queries import dispatchable_capacity
from staveworks.mechanisms.dispatch.registry_queries import (
    access_centre,
    access_sheet,
    list_windows,
    my_capacity,
)

__all__ = ["access_centre", "access_sheet", "dispatchable_capacity", "list_windows", "my_capacity"]
