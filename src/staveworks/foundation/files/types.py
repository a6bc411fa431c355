"""Public words of the room."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from staveworks.kit.errors import Busy, Invalid, NotFound, Refused
from staveworks.kit.text import Text


class ScanState(StrEnum):
    """What the malware scanner said. *unscanned*: there is none; *waiting*: it didn't answer yet; *infected*: in quarantine."""

    UNSCANNED = "unscanned"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"

    @property
    def text(self) -> Text:
        return SCAN_TEXTS[self]


SCAN_TEXTS = {
    ScanState.UNSCANNED: Text(zh="未查毒", en="not scanned for malware"),
    ScanState.WAITING: Text(zh="等待查毒", en="waits for the malware scanner"),
    ScanState.CLEAN: Text(zh="已查毒", en="scanned, no malware"),
    ScanState.INFECTED: Text(zh="带毒，已隔离", en="carries malware, in quarantine"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A scanner's answer; ``finding``: its name for what it found."""

    state: ScanState
    finding: str = ""


class Scanner(Protocol):
    """The port behind which malware is looked for. Raises ``ScannerDown`` if it can't be asked."""

    def scan(self, path: Path) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A stored file: ``media_type`` by its content, ``size`` in bytes, ``sha256`` in hexadecimal."""

    id: UUID
    org_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime
    path: Path
    scan: ScanState = ScanState.UNSCANNED


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that the actor may read."""

    card: FileRecord

    @property
    def content(self) -> bytes:
        """All of it, at most 20 MB; stream from ``card.path`` where that is too much. Raises ``FileDamaged``."""
        try:
            content = self.card.path.read_bytes()
        except FileNotFoundError:
            raise FileDamaged from None
        if hashlib.sha256(content).hexdigest() != self.card.sha256:
            raise FileDamaged
        return content


class FileTooLarge(Invalid):
    """More bytes than ``limit``."""

    def __init__(self, limit: int, *, field: str | None = None) -> None:
        super().__init__(
            Text(
                zh="文件太大，最大 {mb} MB。可以拍小一点，或分开上传。",
                en="The file is too large; {mb} MB at most. Take a smaller photograph or split it.",
            ).format(mb=limit // 1_000_000),
            field=field,
        )


class FileEmpty(Invalid):
    text = Text(zh="文件是空的。", en="The file is empty.")


class FileTypeRefused(Invalid):
    text = Text(
        zh="只收 PDF、照片（JPEG、PNG、WebP、HEIC）和 Word、Excel 文件；按内容判断，改文件名没有用。",
        en="Only PDF, photographs (JPEG, PNG, WebP, HEIC), Word and Excel files, judged by content, not by name.",
    )


class FileNotFound(NotFound):
    text = Text(zh="没有这个文件，或您看不到它。", en="No such file, or none you can see.")


class QuotaUsedUp(Refused):
    """No room is left for a file of this size; figures in MB."""

    def __init__(self, *, used: int, quota: int, size: int, field: str | None = None) -> None:
        left = max(0, quota - used)
        super().__init__(
            Text(
                zh="空间不够：共 {quota} MB，还剩 {left} MB，这个文件 {size} MB。请换小一点的，或联系运营方增加空间。",
                en="Not enough room: {left} of {quota} MB left, this file has {size} MB. Send a smaller one, or ask the operator.",
            ).format(quota=quota // MB, left=f"{left / MB:.1f}", size=f"{size / MB:.1f}"),
            field=field,
        )


class FileInfected(Invalid):
    """The scanner found malware; the file is in quarantine and opens nowhere."""

    def __init__(self, finding: str, *, field: str | None = None) -> None:
        super().__init__(
            Text(
                zh="文件带毒（{finding}），没有收下。请在自己的电脑上杀毒，再从干净的来源重新生成这个文件上传。",
                en="The file carries malware ({finding}) and was not taken. Clean your computer, make the file anew and send it again.",
            ).format(finding=finding),
            field=field,
        )


class ScannerDown(Busy):
    text = Text(
        zh="查毒程序没有应答，文件没有收下。请过几分钟再传。",
        en="The malware scanner doesn't answer, so the file was not taken. Send it again in a few minutes.",
    )


class FileWaiting(Refused):
    text = Text(
        zh="这个文件还在等待查毒，查过才能打开。请过几分钟再来。",
        en="This file still waits for the malware scanner. It opens once it is scanned: come back in a few minutes.",
    )


class FileQuarantined(Refused):
    text = Text(
        zh="这个文件带毒，已隔离，不能打开。请上传者杀毒后重新上传。",
        en="This file carries malware and is in quarantine. Whoever uploaded it should send a clean one.",
    )


class FileDamaged(Refused):
    text = Text(
        zh="文件与入库时不一致，可能已损坏，不能打开。请重新上传，或请运营方从备份恢复。",
        en="The file is not what was stored: it is damaged. Upload it again, or have the operator restore it from a backup.",
    )


MB = 1_000_000
