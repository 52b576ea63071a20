"""`collab doctor`: looks at everything a server needs, and says in words what is wrong."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from collab.listening import CannotListen, listen, url
from collab.operations.checks import (
    PATIENCE,
    Check,
    check_contents,
    check_database,
    check_page,
    check_redis,
)
from collab.settings import Settings
from collab.store import contents, migrations


async def examine(settings: Settings, static: Path) -> list[Check]:
    """Check all that a server with these settings needs; the database only if it has a URL."""
    checks = [check_page(static), check_address(settings.host, settings.port)]
    if settings.redis_url is not None:
        checks.append(await check_redis(settings.redis_url))
    if settings.database_url is not None:
        checks += await check_database(migrations.ask(settings.database_url), serving=False)
        if checks[-1].ok:
            checks.append(await check_contents(contents.ask(settings.database_url)))
    return checks


def report(checks: list[Check]) -> str:
    """Write a line for each check, and mark what is wrong."""
    return "\n".join(f"{'ok   ' if c.ok else 'WRONG'} {c.name:<11} {c.words}" for c in checks)


def check_address(host: str, port: int) -> Check:
    """Check that a server can listen at the address, or that Collab already does."""
    place = url(host, port)
    try:
        for listener in listen(host, port):
            listener.close()
    except CannotListen as error:
        if not error.taken:
            return Check("address", ok=False, words=f"The server {error}.")
        if _is_collab(f"{place}/health"):
            return Check("address", ok=True, words=f"A server answers at {place}.")
        words = f"Another program uses the address of {place}: choose another --port."
        return Check("address", ok=False, words=words)
    return Check("address", ok=True, words=f"The address of {place} is free.")


def _is_collab(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - http alone
            return bool(json.load(answer) == {"status": "ok"})
    except (OSError, ValueError):
        return False
