"""Looking into PDFs: what is written, in which fonts, and whether the picture is there as a drawing."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import DictionaryObject


class Pdf:
    """A PDF as a test reads it."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(BytesIO(content))

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    @property
    def text(self) -> str:
        """Every page's text without line ends, which fall where the lines are full."""
        return "".join(page.extract_text() for page in self.reader.pages).replace("\n", "")

    @property
    def fonts(self) -> dict[str, bool]:
        """Name without its subset's tag → whether the font's program is inside."""
        found: dict[str, bool] = {}
        for page in self.reader.pages:
            _collect(page["/Resources"].get_object(), found)
        return found

    def strokes(self, page: int) -> int:
        """How many paths a page draws, forms inside it included."""
        found = _operators(self.reader.pages[page].get_contents().get_data())
        for form in _forms(self.reader.pages[page]["/Resources"].get_object()):
            found += _operators(form.get_data())
        return found

    def pictures(self) -> int:
        """Bitmaps: a drawing has none."""
        return sum(len(page.images) for page in self.reader.pages)


def _collect(resources: DictionaryObject, found: dict[str, bool]) -> None:
    for font in (resources.get("/Font") or {}).values():
        font = font.get_object()
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner["/FontDescriptor"].get_object()
        name = str(font["/BaseFont"]).lstrip("/").partition("+")[2]
        found[name] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    for form in _forms(resources):
        if "/Resources" in form:
            _collect(form["/Resources"].get_object(), found)


def _forms(resources: DictionaryObject) -> list:
    things = (resources.get("/XObject") or {}).values()
    return [each.get_object() for each in things if each.get_object().get("/Subtype") == "/Form"]


def _operators(stream: bytes) -> int:
    return sum(
        stream.count(b" " + operator + b"\n") + stream.count(b"\n" + operator + b"\n")
        for operator in (b"f", b"S", b"B", b"f*")
    )
