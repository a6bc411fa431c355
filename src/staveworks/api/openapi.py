"""The API with its description: what django-ninja leaves out (every refusal, headers, scopes) is added here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from staveworks.api.authentication import ORGANISATION
from staveworks.api.faults import problem_of
from staveworks.api.idempotency import HEADER, PATTERN, REPLAYED
from staveworks.api.problems import MEDIA_TYPE, SCHEMA, respond_with
from staveworks.api.reading import JSON, CarefulParser
from staveworks.api.words import STATUSES
from staveworks.foundation.parties.rights import RIGHTS

INTRODUCTION = """\
Everything that people do in Staveworks, for programs. Send `Authorization: Bearer <token>`; a person makes the token in \
the browser and chooses its scopes, each of which is a right of the table of rights. `Staveworks-Organisation` names \
another organisation to act for (by a mandate, or as steward). Send a fresh `Idempotency-Key` with whatever changes \
something and repeat it freely. Lists come page by page; `next` is the `cursor` of the following page. What is not a \
success is `application/problem+json` (RFC 9457). Names and texts come in both languages as `{"zh", "en"}`; problems in \
that of `Accept-Language`."""

ORGANISATION_HEADER = {
    "in": "header",
    "name": ORGANISATION,
    "required": False,
    "schema": {"type": "string", "format": "uuid"},
    "description": "The organisation to act for; by default the token's own.",
}
KEY_HEADER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": PATTERN},
    "description": "The same key with the same request gets the same answer, once; with another request 422.",
}
HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    405: {"Allow": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}},
    503: {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}},
}


class CarefulAPI(NinjaAPI):
    """django-ninja with problems for errors and a description that tells all of them."""

    def __init__(self) -> None:
        super().__init__(
            title="Staveworks",
            version="1",
            description=INTRODUCTION,
            openapi_url=None,
            docs_url=None,
            urls_namespace="api",
            parser=CarefulParser(),
        )

    def set_default_exception_handlers(self) -> None:
        self.add_exception_handler(Exception, _problem)

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        components = schema["components"]
        components["schemas"]["Problem"] = SCHEMA
        components["responses"] = {f"Problem{status}": _refusal(status) for status in STATUSES}
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "description": _scopes()},
            "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        }
        for methods in schema["paths"].values():
            for operation in methods.values():
                _complete(operation)
        return schema


def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    return respond_with(problem_of(error, request), request)


def _refusal(status: int) -> dict[str, Any]:
    known = STATUSES[status]
    return {
        "description": known.title.en,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    } | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _scopes() -> str:
    rows = "\n".join(f"- `{right.code}`: {right.text.en} / {right.text.zh}" for right in RIGHTS.values())
    return f"A token made in the browser. Scopes:\n\n{rows}"


def _complete(operation: dict[str, Any]) -> None:
    """Declare what holds for every operation, and what follows from its door and its effect."""
    door, effect = operation["x-door"], operation["x-effect"]
    parameters = operation["parameters"]
    for parameter in parameters:
        parameter["schema"] = _without_null(parameter["schema"])
    if door != "public":
        parameters.append(ORGANISATION_HEADER)
    if effect:
        parameters.append(KEY_HEADER)
    scopes = [door] if door in RIGHTS else []
    bearer = [{"bearer": scopes}] if operation["x-token"] else []
    operation["security"] = [*bearer, {"session": []}, *([{}] if door == "public" else [])]
    for response in operation["responses"].values():
        _give(response, operation["x-gives"], effect=effect)
    for status in STATUSES:
        operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """An optional parameter is left out; the text "null" is not a null."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**rest, **choices[0]}


def _give(response: dict[str, Any], gives: str, *, effect: bool) -> None:
    if gives != JSON:
        response["content"] = {gives: {"schema": {"type": "string"}}}
    if effect:
        response["headers"] = {REPLAYED: {"schema": {"type": "string", "enum": ["true"]}}}
