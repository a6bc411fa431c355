"""Fixtures of all journeys: the site on a socket, and a browser."""

from tests.journeys.site import chromium, fresh_site, site

__all__ = ["chromium", "fresh_site", "site"]
