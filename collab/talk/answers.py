"""The HTTP answers for refusals."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    NotFoundException,
    TooManyRequestsException,
    ValidationException,
)

from collab.talk.refusals import Refused


class NotYours(HTTPException):
    """The message is somebody else's, or too old to be changed."""

    status_code = 403


class Conflict(HTTPException):
    """The room does not allow it now."""

    status_code = 409


class TooLong(HTTPException):
    """The message is too long."""

    status_code = 413


RAISES = [
    ValidationException,
    NotYours,
    NotFoundException,
    Conflict,
    TooLong,
    TooManyRequestsException,
]
"""As the description of the API has them. `answer_refused` makes the answers."""
_STATUS = {
    "too_many_messages": 429,
    "too_many_changes": 429,
    "too_many_threads": 409,
    "message_too_long": 413,
    "unknown_message": 404,
    "unknown_thread": 404,
    "unknown_file": 404,
    "not_yours": 403,
    "too_late": 403,
    "kept_too_long": 409,
    "unavailable": 503,
    "text_changed": 409,
    "accepted": 409,
}
"""The status of a refusal; others are a mistake in the request, 400."""


def answer_refused(_request: Request[Any, Any, Any], error: Refused) -> Any:
    """Answer with the stable code and the words of a refusal."""
    status = _STATUS.get(error.code, 400)
    body = {"status_code": status, "detail": error.message, "extra": {"code": error.code}}
    headers = {"retry-after": str(int(error.wait) + 1)} if error.wait else {}
    return Response(body, status_code=status, headers=headers)
