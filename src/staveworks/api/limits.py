"""How many requests a minute one address and one token may send."""

import math

from django.conf import settings
from django.http import HttpRequest

from staveworks.api.problems import Problem
from staveworks.foundation.parties.usecases.count_calls import count_calls


def check_limits(request: HttpRequest) -> None:
    """Raises ``Problem`` 429 with Retry-After once the minute's share is used up."""
    asked = {f"address:{request.META.get('REMOTE_ADDR', '')}": settings.API_LIMITS["address"]}
    if token := request.headers.get("Authorization"):
        asked[f"token:{token}"] = settings.API_LIMITS["token"]
    for counted, most in zip(count_calls(list(asked)), asked.values(), strict=True):
        if counted.calls > most:
            raise Problem(429, headers={"Retry-After": str(max(1, math.ceil(counted.left)))})
