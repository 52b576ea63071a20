"""The command `collab`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from collab import logs, workers
from collab.operations import doctor
from collab.operations.checks import Check
from collab.pages.files import STATIC
from collab.postgres import dump, embedded
from collab.postgres.home import Home
from collab.server import Server
from collab.settings import Settings
from collab.store import migrations
from collab.store.engine import ask


def main() -> None:
    """Do what the command line says. Exits 0, or 1 when something is wrong."""
    command, file, settings = Settings.read_command(sys.argv[1:])
    logs.configure(settings.log_level, settings.log_format)
    try:
        if command == "doctor":
            done = examine(settings)
        else:
            if file is None:
                _say_what_takes_long(settings)
            with _database(settings) as url:
                if file is None:
                    done = _serve(replace(settings, database_url=url))
                else:
                    _COPY[command](url, file)
                    done = True
    except (
        embedded.EmbeddedPostgresError,
        migrations.MigrationError,
        OSError,
        ImportError,
    ) as error:
        sys.exit(f"collab: {error}")
    sys.exit(0 if done else 1)


_COPY = {"backup": dump.backup, "restore": dump.restore}


def examine(settings: Settings) -> bool:
    """Say of everything a server needs whether it is well; whether all is."""
    checks: list[Check] = []
    with ExitStack() as stack:
        if settings.database_url is None and not _data_dir(settings).exists():
            words = f"The first start will make one in {_data_dir(settings)}."
            checks.append(Check("database", ok=True, words=words))
        else:
            try:
                url = stack.enter_context(_database(settings))
                settings = replace(settings, database_url=url)
            except (embedded.EmbeddedPostgresError, ConnectionError) as error:
                checks.append(Check("database", ok=False, words=str(error)))
                settings = replace(settings, database_url=None)
        checks += asyncio.run(doctor.examine(settings, STATIC))
    print(doctor.report(checks))
    return all(check.ok for check in checks)


def _serve(settings: Settings) -> bool:
    """Serve until told to stop; whether it could start."""
    assert settings.database_url
    migrations.upgrade(settings.database_url)
    if settings.workers > 1:
        return workers.serve(settings)
    server = Server(settings)
    with suppress(SystemExit):  # uvicorn has said why
        server.run()
    return server.started


def _say_what_takes_long(settings: Settings) -> None:
    """Tell the person at the terminal of a first start why it takes seconds."""
    data_dir = _data_dir(settings)
    if settings.database_url is None and not Home(data_dir).cluster.exists():
        words = f"collab: making a database in {data_dir}; the first time this takes some seconds"
        print(words, file=sys.stderr, flush=True)


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The address of a database that answers. Raises EmbeddedPostgresError, ConnectionError."""
    if settings.database_url is None:
        with embedded.running(_data_dir(settings)) as database:
            yield database.url
    else:
        asyncio.run(ask(settings.database_url))
        yield settings.database_url


def _data_dir(settings: Settings) -> Path:
    return settings.data_dir or embedded.default_data_dir()
