"""Answers 400 to bodies that are not JSON, in words that name the field."""

from __future__ import annotations

import json
import re
from typing import Any

from litestar import Request
from litestar.exceptions import SerializationException, ValidationException

from collab.live.shape import TooManyParts, check_parts

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_PARTS = 2100
"""A new room may come with a thousand files, a path and a text each. Other requests have a few
fields."""
_EXPLAINED = 1024 * 1024
"""Bytes. In a larger broken body the wrong field is not searched for."""


class JsonRequest(Request[Any, Any, Any]):
    """Extends Litestar's request, which answers 500 to wrong UTF-8 and to deep nesting."""

    async def json(self) -> Any:
        try:
            await check_parts(await self.body(), _MOST_PARTS)
            return await super().json()
        except TooManyParts as error:
            raise _wrong("body", str(error)) from error
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
    """Find the field whose text has a lone surrogate. Python's own JSON reader accepts those."""
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
