"""The command `collab` of a server.

Each command imports what it needs when it needs it: a start waits for nothing else, and the
supervisor of `--workers`, which is this process, stays small.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from collab import options
from collab.domains import DOMAINS
from collab.errors import MigrationError, NothingStored
from collab.listening import CannotListen, listen
from collab.postgres import embedded
from collab.serving.late import import_ahead, import_server
from collab.settings import Settings
from collab.telemetry import logs

_WRONG = (
    CannotListen,
    embedded.EmbeddedPostgresError,
    MigrationError,
    NothingStored,
    OSError,
    ImportError,
)
"""Errors that are told in one line, with words for the person who gave the command."""


def main() -> None:
    """Do what the command line says. Exits 0, or 1 when something is wrong."""
    command, arguments, settings = options.read_command(sys.argv[1:])
    logs.configure(settings.log_level, settings.log_format)
    try:
        if command == "doctor":
            done = examine(settings)
        else:
            if command == "serve":
                _say_what_takes_long(settings)
            imported = _import_ahead(settings) if command == "serve" else None
            if command == "restore":
                from collab.postgres import dump  # noqa: PLC0415

                dump.check(Path(arguments[0]))  # before a data dir is made for it
            with _database(settings, create=command not in ("backup", "purge")) as url:
                settings = replace(settings, database_url=url)
                if imported:
                    imported()
                if command == "serve":
                    done = _serve(settings)
                elif command == "user":
                    done = _manage_users(settings, arguments)
                elif command == "purge":
                    done = _purge(settings, url, *arguments)
                else:
                    print(_copy(command, url, Path(arguments[0])), file=sys.stderr)
                    done = True
    except _WRONG as error:
        sys.exit(f"collab: {error}")
    except KeyboardInterrupt:
        sys.exit(130)  # as shells have it, when somebody gives up waiting
    sys.exit(0 if done else 1)


def examine(settings: Settings) -> bool:
    """Print for everything a server needs whether it is well. Returns whether all is."""
    import asyncio  # noqa: PLC0415

    from collab.operations import doctor  # noqa: PLC0415
    from collab.operations.checks import Check  # noqa: PLC0415
    from collab.pages.files import STATIC  # noqa: PLC0415
    from collab.postgres.home import Home  # noqa: PLC0415
    from collab.store.reach import ask  # noqa: PLC0415

    checks: list[Check] = []
    with ExitStack() as stack:
        if settings.database_url is None and not Home(_data_dir(settings)).has_cluster():
            words = f"The first start will make one in {_data_dir(settings)}."
            checks.append(Check("database", ok=True, words=words))
        else:
            try:
                url = stack.enter_context(_database(settings, create=False))
                asyncio.run(ask(url))
                settings = replace(settings, database_url=url)
            except (embedded.EmbeddedPostgresError, ConnectionError) as error:
                checks.append(Check("database", ok=False, words=str(error)))
                settings = replace(settings, database_url=None)
        checks += asyncio.run(doctor.examine(settings, STATIC))
    for domain in DOMAINS:
        if domain.examine:
            checks += [Check(*found) for found in asyncio.run(domain.examine(settings))]
    print(doctor.report(checks))
    return all(check.ok for check in checks)


def _serve(settings: Settings) -> bool:
    """Serve until told to stop. Returns whether the server could start."""
    if settings.workers > 1:
        from collab.serving import workers  # noqa: PLC0415

        return _apart(lambda: _prepare(settings)) and workers.serve(settings, _warn)
    _prepare(settings)
    server = import_server()(settings)
    # Not before, or who connects meanwhile waits here instead of going to another server.
    sockets = listen(settings.host, settings.port)
    _warn(settings)
    with suppress(SystemExit):  # uvicorn has said why
        server.run(sockets)
    return server.started


def _manage_users(settings: Settings, arguments: Sequence[str]) -> bool:
    """Do what `collab user` is asked for. Returns whether it could be done."""
    from collab.access import users  # noqa: PLC0415

    _prepare(settings)
    done, words = users.manage(settings, *arguments)
    print(words, file=sys.stdout if done else sys.stderr)
    return done


def _purge(settings: Settings, url: str, room: str, before: str) -> bool:
    """Make what a room was before a revision unreadable. Returns whether it could be done."""
    from collab.history.purging import purge  # noqa: PLC0415

    _prepare(settings)
    purged = purge(url, room, before)
    print(purged.words, file=sys.stdout if purged.done else sys.stderr)
    return purged.done


def _say_what_takes_long(settings: Settings) -> None:
    """Tell the person at the terminal of a first start why it takes seconds."""
    if _makes_database(settings):
        data_dir = _data_dir(settings)
        words = f"collab: making a database in {data_dir}; the first time this takes some seconds"
        print(words, file=sys.stderr, flush=True)


def _makes_database(settings: Settings) -> bool:
    """Tell whether this start makes the embedded database."""
    from collab.postgres.home import Home  # noqa: PLC0415 - Windows has none of what it needs

    return settings.database_url is None and not Home(_data_dir(settings)).cluster.exists()


def _import_ahead(settings: Settings) -> Callable[[], None] | None:
    """Import what serving takes while an embedded database starts. Returns a function that waits
    for it; None where there is nothing to wait for, or where other processes serve."""
    if settings.database_url or settings.workers > 1:
        return None
    makes_tables = _makes_database(settings)

    def then() -> None:
        if makes_tables:
            from collab.store import migrations  # noqa: PLC0415

            migrations.load()

    return import_ahead(then)


def _warn(settings: Settings) -> None:
    """Tell the person at the terminal what a server with these settings lets others do."""
    for domain in DOMAINS:
        if domain.warn and (words := domain.warn(settings)):
            print(f"collab: {words}", file=sys.stderr, flush=True)


def _prepare(settings: Settings) -> None:
    """Wait for the database, and bring its tables up to date."""
    from collab.store import migrations  # noqa: PLC0415

    assert settings.database_url
    migrations.upgrade(settings.database_url, patience=settings.database_wait)


def _apart(work: Callable[[], None]) -> bool:
    """Do this in a process of its own, so that this one never loads what it takes; whether it
    could be done."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    status = 1
    try:
        work()
        status = 0
    except _WRONG as error:
        print(f"collab: {error}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        pass
    finally:
        # Not sys.exit: what the parent has opened is the parent's to close.
        os._exit(status)


def _copy(command: str, database_url: str, file: Path) -> str:
    """Write or read a backup. Returns words that say what it holds."""
    from collab.postgres import dump  # noqa: PLC0415
    from collab.store import contents  # noqa: PLC0415

    if command == "restore":
        dump.restore(database_url, file)
        return f"{file} is restored: {contents.describe(database_url)}."
    with contents.frozen(database_url) as (holds, snapshot):
        dump.backup(database_url, file, snapshot=snapshot)
    return f"{file} holds {holds}."


@contextmanager
def _database(settings: Settings, *, create: bool = True) -> Iterator[str]:
    """Yield the database's URL. Without `create` an embedded one must exist already. Raises
    EmbeddedPostgresError."""
    if settings.database_url is None:
        with embedded.running(_data_dir(settings), create=create) as database:
            yield database.url
    else:
        yield settings.database_url


def _data_dir(settings: Settings) -> Path:
    return settings.data_dir or embedded.default_data_dir()
