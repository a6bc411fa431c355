"""Malware: clamd asked, or nobody, which is said honestly. An infected file goes into quarantine."""

import os
from dataclasses import dataclass
from pathlib import Path

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

from staveworks.foundation.files.types import Scanner, ScannerDown, ScanState, Verdict

PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class NoScanner:
    """Nothing is scanned, and every file says so."""

    def scan(self, path: Path) -> Verdict:
        return Verdict(ScanState.UNSCANNED)


@dataclass(frozen=True, slots=True)
class Clamd:
    """``address``: the socket file of clamd, or ``host:port``."""

    address: str

    def scan(self, path: Path) -> Verdict:
        """Raises ``ScannerDown`` for anything but a clear answer: it must never count as clean."""
        try:
            with path.open("rb") as file:
                status, name = self._client().instream(file).get("stream", ("", None))
        except (ClamdError, OSError) as error:
            raise ScannerDown from error
        if status == "OK":
            return Verdict(ScanState.CLEAN)
        if status == "FOUND":
            return Verdict(ScanState.INFECTED, (name or "")[:120])
        raise ScannerDown

    def _client(self) -> ClamdNetworkSocket:
        if self.address.startswith("/"):
            return ClamdUnixSocket(self.address, PATIENCE_S)
        host, _, port = self.address.rpartition(":")
        return ClamdNetworkSocket(host, int(port), PATIENCE_S)


def scanner() -> Scanner:
    """The one that the settings name."""
    return Clamd(settings.SCANNER) if settings.SCANNER else NoScanner()


def quarantine(path: Path, sha256: str) -> None:
    """Out of the folder from which files are given back, readable by the service's user only."""
    folder = Path(settings.FILES_ROOT) / "quarantine"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(path, folder / sha256)
    (folder / sha256).chmod(0o600)
