"""Addresses of static files, each worked out once: a page names two dozen of them."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptAddresses:
    """Before a storage: its addresses change only with the program, and a new program is a new process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[str, str] = {}

    def url(self, name: str) -> str:
        if name not in self._kept:
            self._kept[name] = super().url(name)  # type: ignore[misc]
        return self._kept[name]


class Storage(KeptAddresses, CompressedManifestStaticFilesStorage):
    """Compressed, and named after what they hold."""
