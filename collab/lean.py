"""Imports libraries without the optional libraries that Collab does not use.

Litestar looks for advanced-alchemy, which brings SQLAlchemy, and for pydantic, attrs,
annotated-types and OpenTelemetry, uvicorn for watchfiles, and structlog for rich and
better-exceptions, which print tracebacks. They may be installed, because migrations, extras and
commands need them, and importing them would take half of a start and half of its memory.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


def import_structlog() -> ModuleType:
    """Import structlog now. Only a process that logs a line or serves needs it."""
    with without("better_exceptions", "rich"):
        import structlog  # noqa: PLC0415
    return structlog


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Let an `import` of these packages fail inside the block; those already imported stay."""
    hidden = [package for package in packages if package not in sys.modules]
    # Python raises ModuleNotFoundError for a module that is None.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for package in hidden:
            sys.modules.pop(package, None)
