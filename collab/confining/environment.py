"""The environment of a process that does one thing for the server."""

from __future__ import annotations

import os

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def environment(*more: str) -> dict[str, str]:
    """Return what such a process gets of the server's environment: what Python needs, and the
    variables `more`. It needs no address of a database, and no secret."""
    return {name: os.environ[name] for name in (*_KEPT, *more) if name in os.environ}
