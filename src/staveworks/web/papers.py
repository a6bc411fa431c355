"""Files to take away: PDF and pictures, with the digest that lets anybody compare what was passed on."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from staveworks.kit.printing import repr_digest
from staveworks.kit.text import Language, language_of
from staveworks.web.language import current

PDF, PNG = "application/pdf", "image/png"
ENDINGS = {PDF: "pdf", PNG: "png"}


def paper_response(content: bytes, name: str, kind: str = PDF) -> HttpResponse:
    """A download; ``Repr-Digest`` (RFC 9530) carries its SHA-256."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.{ENDINGS[kind]}"
    response["Repr-Digest"] = repr_digest(content)
    response["Cache-Control"] = "no-store"
    return response


def asked_language(request: HttpRequest) -> Language:
    """The paper's language: the one that is asked for, else the reader's."""
    asked = request.GET.get("language", "")
    return language_of(asked) if asked in ("zh", "en") else current()
