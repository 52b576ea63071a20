"""The answers of the domain to requests that fail, each with a stable code beside its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException, ValidationException

from collab.errors import ChangeRefused, PeerError, Restarting

_BY_CODE = {
    "text_too_large": 413,
    "asset_too_large": 413,
    "room_too_large": 413,
    "unknown_file": 404,
    "bad_name": 400,
    "path_too_long": 400,
    "too_deep": 400,
    "not_allowed": 403,
    "server_full": 503,
    "bad_zip": 422,
    "bad_repository": 422,
}
"""The status of a refusal; others are a conflict with the room as it is."""


class Conflict(HTTPException):
    """The room as it is does not allow what the request asks for."""

    status_code = 409


class PreconditionFailed(HTTPException):
    """The file is not the one that If-Match or If-None-Match asks for."""

    status_code = 412


class TooLarge(HTTPException):
    """The request would exceed a limit of the room."""

    status_code = 413


class Unprocessable(HTTPException):
    """The body is no zip, or one that is refused."""

    status_code = 422


def no_file(path: str) -> NotFoundException:
    return NotFoundException(
        f"There is no file {path} in this room.", extra={"code": "unknown_file"}
    )


def bad_path(words: str) -> ValidationException:
    return ValidationException(extra=[{"key": "path", "message": words}])


def bad_url(words: str) -> ValidationException:
    return ValidationException(extra=[{"key": "url", "message": words}])


def refused_midway(code: str, words: str, before: int) -> HTTPException:
    """The answer to an import that the room or we refuse, after so many files were imported."""
    if before:
        words += f" Before that, {before} {'file was' if before == 1 else 'files were'} imported."
    extra = {"code": code, "imported": before}
    return HTTPException(words, status_code=_BY_CODE.get(code, 409), extra=extra)


def _answer(status: int, code: str, words: str) -> Response[Any]:
    content = {"status_code": status, "detail": words, "extra": {"code": code}}
    return Response(content, status_code=status)


def _refused(_request: Request[Any, Any, Any], error: ChangeRefused) -> Response[Any]:
    refusal = error.refusal
    return _answer(_BY_CODE.get(refusal.code, 409), refusal.code, refusal.message)


def _mistaken(_request: Request[Any, Any, Any], error: PeerError) -> Response[Any]:
    return _answer(_BY_CODE.get(error.code, 409), error.code, error.message)


def _restarting(_request: Request[Any, Any, Any], _error: Restarting) -> Response[Any]:
    return _answer(503, "restarting", "This server is about to stop; try again.")


ERRORS: Mapping[int | type[Exception], Callable[..., Any]] = {
    ChangeRefused: _refused,
    PeerError: _mistaken,
    Restarting: _restarting,
}
