"""A workbook that is sent while its rows are still read: nothing waits in memory, and each piece is read as it is allowed *then*."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.http import StreamingHttpResponse
from django.utils import timezone

from staveworks.web.sheets import XLSX, Cell

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}styles+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Cell formats: 0 plain, 1 a bold header, 2 a day.
    "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - the workbook's calendar has no zone


class _Outgoing:
    """What the archive writes, until it is sent. It can't seek: the archive is written forwards only."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: ``taken`` empties it."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def stream_response(
    name: str, headers: Sequence[str], chunks: Iterable[Sequence[Sequence[Cell]]]
) -> StreamingHttpResponse:
    """A workbook ``name.xlsx`` with one sheet, sent chunk by chunk; a chunk is read when the one before has been sent."""
    response = StreamingHttpResponse(sheet_stream(name, headers, chunks), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


def sheet_stream(
    name: str, headers: Sequence[str], chunks: Iterable[Sequence[Sequence[Cell]]]
) -> Iterator[bytes]:
    """The bytes of the workbook."""
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        for path, text in PARTS.items():
            book.writestr(path, text)
        title = escape(name[:31], {'"': "&quot;"})
        book.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        yield out.taken()
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_beginning(headers).encode())
            yield out.taken()
            for chunk in chunks:
                sheet.write("".join(_row(row) for row in chunk).encode())
                yield out.taken()
            sheet.write(b"</sheetData></worksheet>")
        yield out.taken()
    yield out.taken()


def _beginning(headers: Sequence[str]) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    widths = f'<cols><col min="1" max="1" width="34" customWidth="1"/><col min="2" max="{len(headers)}" width="16" customWidth="1"/></cols>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f'{HEAD}<worksheet xmlns="{MAIN}">{view}{widths}<sheetData>{_row(headers, style=1)}'


def _row(values: Sequence[Cell], *, style: int = 0) -> str:
    return f"<row>{''.join(_cell(value, style) for value in values)}</row>"


def _cell(value: Cell, style: int) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, datetime):
        day = timezone.localtime(value).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        return f'<c s="2"><v>{(day - DAY_ZERO).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c s="{style}"><v>{value}</v></c>'
    text = escape("".join(c for c in value if c >= " " or c in "\t\n"))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
