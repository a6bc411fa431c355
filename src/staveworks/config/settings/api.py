"""How much a program may ask of the API in a minute, counted for each address and for each token."""

import os

API_LIMITS = {
    "address": int(os.environ.get("STAVEWORKS_API_LIMIT_ADDRESS", "1200")),
    "token": int(os.environ.get("STAVEWORKS_API_LIMIT_TOKEN", "600")),
}
