"""Reads of the room that others call."""

from staveworks.mechanisms.dispatch.dispatchable_queries import dispatchable_capacity
from staveworks.mechanisms.dispatch.heat_queries import free_heat, published_heat
from staveworks.mechanisms.dispatch.overview_queries import list_dispatch_centres
from staveworks.mechanisms.dispatch.registry_queries import (
    access_centre,
    access_sheet,
    list_in_force,
    list_windows,
    my_capacity,
)

__all__ = [
    "access_centre",
    "access_sheet",
    "dispatchable_capacity",
    "free_heat",
    "list_dispatch_centres",
    "list_in_force",
    "list_windows",
    "my_capacity",
    "published_heat",
]
