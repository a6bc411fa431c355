"""Doors for time: what must happen next, what happens every so often, and the worker that does it."""
