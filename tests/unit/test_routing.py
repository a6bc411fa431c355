"""Addresses found by their first step are the same as those found one after another."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver, include, path, re_path
from django.urls.resolvers import RegexPattern

from staveworks.db.routing import by_first_step


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse()


INNER = [path("orders/<uuid:order>/", page, name="order"), path("lines/", page, name="lines")]
PLAIN = [
    path("", page, name="home"),
    path("healthz", page, name="health"),
    path("orders/limit/", page, name="limit"),
    path("", include(INNER)),
    path("orders/<str:anything>/", page, name="anything"),
    path("api/", include([re_path(r"^(?P<rest>.*)$", page, name="nowhere")])),
]
ID = "01a22e25-ad18-75d2-824b-077ff06b6b38"
ADDRESSES = ["/", "/healthz", "/orders/limit/", f"/orders/{ID}/", "/orders/x/", "/lines/", "/api/x/y"]


def rooted(patterns: list[object]) -> URLResolver:
    return URLResolver(RegexPattern(r"^/"), patterns)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_address_leads_where_it_led(address: str) -> None:
    found, before = rooted(by_first_step(PLAIN)).resolve(address), rooted(PLAIN).resolve(address)
    assert (found.url_name, found.route, found.kwargs) == (before.url_name, before.route, before.kwargs)


@pytest.mark.parametrize("address", ["/healthz/", "/orders/", "/nowhere/", "/lines", "/orders/a/b/"])
def test_what_led_nowhere_still_does(address: str) -> None:
    for patterns in (PLAIN, by_first_step(PLAIN)):
        with pytest.raises(Resolver404):
            rooted(patterns).resolve(address)


def test_names_lead_back_to_addresses() -> None:
    assert rooted(by_first_step(PLAIN)).reverse("order", order=ID) == f"orders/{ID}/"


@pytest.mark.parametrize("pattern", [path("<str:anything>/", page), re_path("^orders/", page)])
def test_a_pattern_without_a_plain_first_step_is_refused(pattern: object) -> None:
    with pytest.raises(ValueError, match="no plain first step"):
        by_first_step([pattern])


def test_the_product_s_own_addresses_are_found_by_their_first_step() -> None:
    [steps] = get_resolver().url_patterns
    assert len(steps._branches) > 40
