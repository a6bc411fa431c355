"""Printed papers: a Typst template and plain values become a PDF (or one picture), the same bytes for the same values.

Values reach the template as JSON, never as markup, so that no name can be taken for a command. Fonts are ours alone: a machine's
own would change the bytes, and a missing Chinese font would leave blanks without a word.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import typst

from staveworks.kit.data import data_files

PACKAGE = Path(__file__).parent.parent.parent
"""The root that templates see: ``/kit/printing/frame.typ`` is the frame they share."""

KEPT = 48
"""Papers kept in memory, by the digest of what they say: two people who open one report wait once."""


class PrintingFailed(RuntimeError):
    """The template doesn't compile, or a font is missing: a fault of ours, never of the values."""


def print_pdf(template: Path, values: Mapping[str, object], *, at: datetime) -> bytes:
    """A tagged, accessible PDF (PDF/UA-1). ``at`` is the date of what is printed, not of the printing."""
    return _made(template, _plain(values), int(at.timestamp()), "pdf", 0)


def print_png(template: Path, values: Mapping[str, object], *, ppi: int = 192) -> bytes:
    """The first page as a picture."""
    return _made(template, _plain(values), 0, "png", ppi)


def repr_digest(content: bytes) -> str:
    """The value of ``Repr-Digest`` (RFC 9530) by which whoever gets a paper can check it."""
    return f"sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:"


def _plain(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, allow_nan=False)


@lru_cache(maxsize=KEPT)
def _made(template: Path, values: str, timestamp: int, form: Literal["pdf", "png"], ppi: int) -> bytes:
    compiler = typst.Compiler(
        template,
        root=PACKAGE,
        font_paths=_fonts(tuple(sorted({path.parent for path in data_files("fonts", "*.ttf")}))),
        ignore_system_fonts=True,
        sys_inputs={"values": values},
    )
    try:
        if form == "png":
            made, warnings = compiler.compile_with_warnings(format="png", ppi=float(ppi))
        else:
            made, warnings = compiler.compile_with_warnings(
                format="pdf", timestamp=timestamp, pdf_standards=["ua-1"]
            )
    except typst.TypstError as error:
        raise PrintingFailed(error.diagnostic) from error
    if warnings:
        raise PrintingFailed("; ".join(warning.message for warning in warnings))
    page = made[0] if isinstance(made, list) else made
    assert page is not None
    return page


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(each) for each in folders]
    )
