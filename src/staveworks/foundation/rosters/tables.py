"""Any table that people send (XLSX or CSV) as numbered lines of text: the safe reading of lists, without a list's meaning."""

import tempfile
from itertools import islice
from pathlib import Path

from staveworks.foundation.rosters.reading import Line, Source, container
from staveworks.foundation.rosters.reading.types import Unreadable
from staveworks.kit.text import Text

TOO_MANY = Text(zh="超过 {most} 行，请分成几个文件。", en="More than {most} rows: please split the file.")


def read_table(content: bytes, *, most: int) -> list[Line]:
    """(line as the sender counts, stripped cells) of the first sheet that has any; blank lines are left out.

    Raises ``Unreadable`` for what is no table, and for more than ``most`` lines.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        source = Source(path, container.kind_of(path))
        for index, _ in source.titles:
            filled = ((number, [cell.strip() for cell in cells]) for number, cells in source.lines(index))
            found = list(islice(((number, cells) for number, cells in filled if any(cells)), most + 1))
            if len(found) > most:
                raise Unreadable(TOO_MANY.format(most=most))
            if found:
                return found
    return []
