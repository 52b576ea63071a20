"""Requests whose body is no JSON: always the sender's mistake, in words that name the field."""

from __future__ import annotations

import json
import re
from typing import Any

from litestar import Request
from litestar.exceptions import SerializationException, ValidationException

_SURROGATE = re.compile("[\ud800-\udfff]")
_EXPLAINED = 1024 * 1024
"""Bytes of a broken body up to which it is looked through for the field that breaks it."""


class JsonRequest(Request[Any, Any, Any]):
    """Litestar's, which takes a body that is no UTF-8, or nested too deep, for a fault of ours."""

    async def json(self) -> Any:
        try:
            return await super().json()
        except UnicodeDecodeError as error:
            raise _wrong("body", "It is not UTF-8") from error
        except RecursionError as error:
            raise _wrong("body", "It is nested too deep") from error
        except SerializationException as error:
            if field := _broken_field(await self.body()):
                raise _wrong(
                    field, "It has half a surrogate pair, which is no character"
                ) from error
            raise


def _broken_field(body: bytes) -> str | None:
    """The field of an object whose text has a lone surrogate. Python's own reader takes those."""
    if len(body) > _EXPLAINED:
        return None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    fields = value.items() if isinstance(value, dict) else ()
    return next((k for k, v in fields if isinstance(v, str) and _SURROGATE.search(v)), None)


def _wrong(field: str, words: str) -> ValidationException:
    return ValidationException(extra=[{"key": field, "message": words}])
