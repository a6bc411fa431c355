"""Version 1: one module for each resource."""

from staveworks.api.openapi import CarefulAPI
from staveworks.api.v1 import me, places, planks

api = CarefulAPI()
api.add_router("/me", me.router)
api.add_router("/cities", places.router)
api.add_router("/planks", planks.router)
