"""One operation of the API: its door, what it takes and gives, and that an effect happens once for a key."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from staveworks.api.authentication import Call, by_token, caller_of, refused
from staveworks.api.faults import problem_of
from staveworks.api.idempotency import REPLAYED, answered
from staveworks.api.language import language_now
from staveworks.api.problems import MEDIA_TYPE, Problem, problem_json
from staveworks.api.reading import JSON, check_asked, check_sent_as, check_wanted_as
from staveworks.api.words import PERSON_ONLY
from staveworks.foundation.eventlog.usecases.answer_once import Answer
from staveworks.foundation.parties.doors import PERSON, PUBLIC, Door, declare
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text

__all__ = ["PERSON", "PUBLIC", "Resource", "right"]

type Result = BaseModel | HttpResponseBase
type View = Callable[..., Result]


class Keep(Protocol):
    """A decorator that leaves the function as it is."""

    def __call__[V: View](self, view: V, /) -> V: ...


def right(code: str) -> Door:
    return Door("right", code)


@dataclass(frozen=True)
class Guard:
    """Stands before an operation and tells who calls. In this order: 406, 401, 403, 415, 422 of parameters that it doesn't know."""

    door: Door
    takes: tuple[str, ...]
    gives: str
    tokens: bool
    """Whether a token may knock at the door of a person; at that of a right its scopes decide."""
    parameters: set[str] = field(default_factory=set)
    """Of the query, those that the operation reads: filled in once it is registered."""

    def __call__(self, request: HttpRequest) -> Actor:
        check_wanted_as(request, self.gives)
        actor = caller_of(request)
        if self.door.asks != "public" and actor.person_id is None:
            raise refused()
        if self.door.right is not None:
            actor.require(self.door.right)
        elif self.door.asks == "person" and not self.tokens and by_token(request):
            raise Problem(403, PERSON_ONLY)
        check_sent_as(request, self.takes)
        check_asked(request, self.parameters)
        return actor


class Resource(Router):
    """The operations of one resource; ``tag`` heads them in the description."""

    def __init__(self, tag: str) -> None:
        super().__init__(tags=[tag])

    def read(
        self, path: str, *, says: Text, door: Door, answer: Any, gives: str = JSON, tokens: bool = False
    ) -> Keep:
        """``GET path``. ``tokens``: also for tokens though no scope covers it, since it tells nothing of a person's own."""
        return self._operation("GET", path, says, door, answer, 200, (), gives, effect=False, tokens=tokens)

    def effect(
        self,
        method: str,
        path: str,
        *,
        says: Text,
        door: Door,
        answer: Any,
        status: int = 200,
        takes: str | None = JSON,
        counted: tuple[type[StaveworksError], ...] = (),
    ) -> Keep:
        """``method path``: changes something, once for an ``Idempotency-Key``.

        ``counted``: refusals that leave a trace (a wrong code is a try). They are kept under the key like a success: the
        request again gets the same refusal, and no other try is taken.
        """
        return self._operation(
            method,
            path,
            says,
            door,
            answer,
            status,
            (takes,) if takes else (),
            JSON,
            effect=True,
            counted=counted,
        )

    def ask(self, path: str, *, says: Text, door: Door, answer: Any) -> Keep:
        """``POST path`` that changes nothing: a question too large for an address."""
        return self._operation("POST", path, says, door, answer, 200, (JSON,), JSON, effect=False)

    def _operation(
        self,
        method: str,
        path: str,
        says: Text,
        door: Door,
        answer: Any,
        status: int,
        takes: tuple[str, ...],
        gives: str,
        *,
        effect: bool,
        tokens: bool = False,
        counted: tuple[type[StaveworksError], ...] = (),
    ) -> Keep:
        def add[V: View](view: V) -> V:
            run = declare(_effect(view, status, counted, door) if effect else _plain(view, status), door)
            guard = Guard(door, takes, gives, tokens)
            self.api_operation(
                [method],
                path,
                auth=guard,
                response={status: answer},
                operation_id=view.__name__,
                summary=says.en,
                openapi_extra={
                    "x-summary-zh": says.zh,
                    "x-door": door.right or door.asks,
                    "x-effect": effect,
                    "x-token": door.asks != "person" or tokens,
                    "x-gives": gives,
                },
            )(run)
            guard.parameters.update(self._parameters(view.__name__))
            return view

        return add

    def _parameters(self, operation_id: str) -> Iterator[str]:
        """Those of the query that the operation reads."""
        for path_view in self.path_operations.values():
            for operation in path_view.operations:
                if operation.operation_id == operation_id:
                    for model in operation.models:
                        if model.__ninja_param_source__ == "query":
                            yield from model.__ninja_flatten_map__


def _plain(view: View, status: int) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def run(request: Call, **values: Any) -> HttpResponseBase:
        return _sent(_told(view(request, **values), status))

    return run


def _effect(
    view: View, status: int, counted: tuple[type[StaveworksError], ...], door: Door
) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def run(request: Call, **values: Any) -> HttpResponseBase:
        def work() -> Answer:
            try:
                told = _told(view(request, **values), status)
            except counted as refusal:
                return _refusal(refusal, request)
            assert isinstance(told, Answer), "an effect is answered with a shape"
            return told

        return _sent(answered(request, request.auth, work, own=door.asks == "person"))

    return run


def _told(result: Result, status: int) -> Answer | HttpResponseBase:
    return Answer(status, result.model_dump_json()) if isinstance(result, BaseModel) else result


def _refusal(error: StaveworksError, request: HttpRequest) -> Answer:
    """What was refused and counted, as an answer to keep."""
    problem = problem_of(error)
    body = json.dumps(problem_json(problem, request.path, language_now()), ensure_ascii=False)
    return Answer(problem.status, body)


def _sent(answer: Answer | HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponseBase):
        return answer
    kind = JSON if answer.status < 400 else MEDIA_TYPE
    response = HttpResponse(answer.body, status=answer.status, content_type=kind)
    if answer.replayed:
        response[REPLAYED] = "true"
    return response
