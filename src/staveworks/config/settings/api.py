"""How much a program may ask of the API in a minute, counted for each address and for each token."""

from staveworks.kit.configuration import table

API_LIMITS = {
    "address": table.API_LIMIT_ADDRESS.read(),
    "token": table.API_LIMIT_TOKEN.read(),
}
