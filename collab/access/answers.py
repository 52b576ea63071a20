"""The answers to requests that end in an error of this domain."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException

from collab.access.ground import Refused
from collab.access.passwords import TooBusy
from collab.errors import NotSignedIn

Asked = Request[Any, Any, Any]


class Conflict(HTTPException):
    """The request conflicts with something that exists already."""

    status_code = 409


RAISES: list[type[HTTPException]] = [NotAuthorizedException, PermissionDeniedException]
"""The errors that requests for the own account may end in."""


def answer_not_signed_in(_request: Asked, error: NotSignedIn) -> Response[Any]:
    """Answer 401, with the code and words."""
    return _answer(401, error.code, error.message, {"www-authenticate": "Bearer"})


def answer_refused(_request: Asked, error: Refused) -> Response[Any]:
    headers = {"retry-after": str(error.wait)} if error.wait else {}
    return _answer(error.status, error.code, error.message, headers)


def answer_busy(_request: Asked, error: TooBusy) -> Response[Any]:
    """Answer 429 where more people sign in than one thread can check."""
    return _answer(429, error.code, error.message, {"retry-after": "2"})


def _answer(status: int, code: str, words: str, headers: dict[str, str]) -> Response[Any]:
    body = {"status_code": status, "detail": words, "extra": {"code": code}}
    return Response(body, status_code=status, headers=headers)
