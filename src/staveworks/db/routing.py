"""Finding a page by the first step of its address: without it Django tries every pattern before the one that fits, and the
product has hundreds.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

Pattern = URLPattern | URLResolver


def by_first_step(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The same addresses in the same order, as ``urlpatterns``. A pattern that doesn't begin with a plain word is a ``ValueError``."""
    return [_Steps(list(_flat(patterns)))]


class _Steps(URLResolver):
    """All of ``patterns``, of which only those are tried whose first step is the address's."""

    def __init__(self, patterns: list[Pattern]) -> None:
        super().__init__(RoutePattern("", is_endpoint=False), patterns)
        branches: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            branches.setdefault(_first_step(pattern), []).append(pattern)
        self._branches = {
            step: URLResolver(RoutePattern("", is_endpoint=False), branch)
            for step, branch in branches.items()
        }

    def resolve(self, path: Any) -> ResolverMatch:
        branch = self._branches.get(str(path).partition("/")[0])
        if branch is None:
            raise Resolver404({"tried": [], "path": path})
        return branch.resolve(path)


def _flat(patterns: Iterable[Pattern]) -> Iterator[Pattern]:
    """Without the levels that add nothing to an address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and _adds_nothing(pattern):
            yield from _flat(pattern.url_patterns)
        else:
            yield pattern


def _adds_nothing(resolver: URLResolver) -> bool:
    return not (str(resolver.pattern) or resolver.namespace or resolver.default_kwargs)


def _first_step(pattern: Pattern) -> str:
    step = str(pattern.pattern).partition("/")[0]
    if not isinstance(pattern.pattern, RoutePattern) or "<" in step:
        raise ValueError(f"no plain first step: {pattern}")
    return step
