"""Fixtures of all journeys: the site on a socket, and a browser."""

from tests.journeys.site import chromium, site

__all__ = ["chromium", "site"]
