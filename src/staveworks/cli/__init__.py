"""Doors for terminals: the ``staveworks`` command."""
