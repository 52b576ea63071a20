"""Writes structured logs. Each line names its room, session and request.

Values bound with structlog's contextvars go into every line that is logged below, also by
other libraries. A room is named by the first characters of its id, since the whole is the key to
it; no text of a room and no secret is logged.
"""

from __future__ import annotations

import logging
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from collab.lean import import_structlog

if TYPE_CHECKING:
    import structlog

Form = Literal["console", "json"]
Level = Literal["debug", "info", "warning", "error"]


def configure(level: Level, form: Form) -> None:
    """Make the standard library's logging write to stderr, one event a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(form))
    logging.basicConfig(handlers=[handler], force=True)
    # The level applies to Collab's own lines. In detail, other libraries log paths and statements.
    logging.getLogger("collab").setLevel(level.upper())


class _Formatter(logging.Formatter):
    """Imports structlog's formatter at the first line; a supervisor may log none."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        return self._formatter.format(record)

    @cached_property
    def _formatter(self) -> structlog.stdlib.ProcessorFormatter:
        import_structlog()
        import structlog  # noqa: PLC0415

        before: list[structlog.typing.Processor] = [
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        last: list[structlog.typing.Processor] = (
            [
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    # Others show the values of local variables in tracebacks: texts and keys.
                    exception_formatter=structlog.dev.plain_traceback,
                )
            ]
            if self._form == "console"
            else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )


def short(room_id: object) -> str:
    """Return the part of a room's id that logs may contain."""
    return str(room_id)[:8]
