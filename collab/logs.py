"""Structured logs: each line says which room, session and request it is about.

What is bound with structlog's contextvars goes into every line that is logged below, also by
other libraries. A room is named by the first characters of its id, since the whole is the key to
it; no text of a room and no secret is logged.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog

Form = Literal["console", "json"]
Level = Literal["debug", "info", "warning", "error"]


def configure(level: Level, form: Form) -> None:
    """Have the standard library's logging write to stderr, one event a line."""
    console = form == "console"
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
                # Others' tracebacks show local values, which are texts and keys.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], force=True)
    # The level is for what we say. Others, in detail, tell of paths, statements and frames.
    logging.getLogger("collab").setLevel(level.upper())


def short(room_id: object) -> str:
    """What a log may say of a room's id."""
    return str(room_id)[:8]
