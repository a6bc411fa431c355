"""Public words of the room."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound
from staveworks.kit.text import Text


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


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that the actor may read."""

    card: FileRecord

    @property
    def content(self) -> bytes:
        """All of it, at most 20 MB; stream from ``card.path`` where that is too much."""
        return self.card.path.read_bytes()


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
