"""A workbook is read once in a process of its own, with bounded memory, before ours reads it.

What is measured beforehand (``extent``) is the shape of the sheets; a long text that thousands of cells point to fills the
memory all the same. The reader is Rust: where memory ends, it ends its process, which must not be that of the web server.
"""

import subprocess
import sys
from pathlib import Path

MOST_MEMORY = 2 << 30
MOST_SECONDS = 120
FULL = 3
READ = """
import contextlib, resource, sys
path, most, full = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with contextlib.suppress(ValueError, OSError):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
try:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
    book = CalamineWorkbook.from_path(path)
    for index, sheet in enumerate(book.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            book.get_sheet_by_index(index).to_python(skip_empty_area=False)
except BaseException as error:
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.exit(full if isinstance(error, MemoryError) or held > most // 2 else 1)
"""


def fits(path: Path) -> bool:
    """Whether reading ends within the bounds. A workbook that can't be read for another reason fits: ours will say why."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", READ, str(path), str(MOST_MEMORY), str(FULL)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode >= 0 and done.returncode != FULL
