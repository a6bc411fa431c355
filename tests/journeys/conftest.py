"""Fixtures of all journeys: the site on a socket, and a browser."""

from tests.journeys.site import address, browsers, fresh_site, site

__all__ = ["address", "browsers", "fresh_site", "site"]
