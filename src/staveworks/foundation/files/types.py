"""What the room returns and refuses."""

from dataclasses import dataclass
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class FileCard:
    """A stored file without its bytes; ``size`` in bytes."""

    id: UUID
    org_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file with its bytes."""

    card: FileCard
    content: bytes


class FileTooLarge(Invalid):
    """More bytes than allowed."""


class FileTypeRefused(Invalid):
    text = Text(
        zh="只收 PDF、图片（PNG、JPEG、WebP）和 Word、Excel 文件（docx、xlsx）。",
        en="Only PDF, pictures (PNG, JPEG, WebP) and Word or Excel files (docx, xlsx) are taken.",
    )


class FileIsNotWhatItSays(Invalid):
    text = Text(
        zh="文件内容与名字的后缀不符。请用原来的程序另存一份再传。",
        en="The file's content is not what its name says. Save it again with the program it comes from.",
    )


class FileEmpty(Invalid):
    text = Text(zh="文件是空的。", en="The file is empty.")


class FileNotFound(NotFound):
    text = Text(zh="没有这个文件，或您看不到它。", en="No such file, or none you can see.")
