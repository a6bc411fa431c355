"""How many requests a minute one address and one token may send; counted in Django's cache for all web processes."""

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from staveworks.api.problems import Problem

WINDOW = 60


def check_limits(request: HttpRequest) -> None:
    """Raises ``Problem`` 429 with Retry-After once the minute's share is used up."""
    address = request.META.get("REMOTE_ADDR", "")
    _count(f"address:{address}", settings.API_LIMITS["address"])
    token = request.headers.get("Authorization")
    if token:
        _count(f"token:{hashlib.sha256(token.encode()).hexdigest()}", settings.API_LIMITS["token"])


def _count(who: str, most: int) -> None:
    """A fixed window: two processes that count at once may let a few more through, never fewer."""
    now = int(time.time())
    name = f"api:{now // WINDOW}:{who}"
    so_far = cache.get(name, 0) + 1
    cache.set(name, so_far, WINDOW * 2)
    if so_far > most:
        left = WINDOW - now % WINDOW
        raise Problem(429, headers={"Retry-After": str(left)})
