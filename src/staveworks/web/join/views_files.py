"""Give a stored file back to whoever may see it."""

from uuid import UUID

from django.http import FileResponse, HttpRequest

from staveworks.foundation.files.domain import PICTURES
from staveworks.foundation.files.queries import access_file, checked
from staveworks.web.asking import actor_of
from staveworks.web.doors import door


@door("organisation.read")
def download(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Streamed; pictures may be shown in the page, all else is an attachment. Nothing in it can run."""
    found = access_file(actor_of(request), file_id)
    shown = found.media_type in PICTURES and "show" in request.GET
    response = FileResponse(
        checked(found), as_attachment=not shown, filename=found.name, content_type=found.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
