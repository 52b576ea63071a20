"""The commands for shells, and what their command lines mean."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from collab.client import (
    Address,
    NoEntry,
    NoServer,
    NotThere,
    Remote,
    Rest,
    Room,
    RoomError,
    Run,
    server_of,
)

_NO_FILE, _NO_SERVER, _OTHER, _NO_ENTRY = 66, 69, 70, 77
"""Exit codes, as in sysexits.h: a program that is run rarely has them."""
_STDIN = "-"


def main(arguments: Sequence[str]) -> int:
    """Do what a command line says. Returns the exit code."""
    mine, parted, its = _parted(arguments)
    parser = _parser()
    given = parser.parse_args(mine)
    if parted and given.command != "run":
        parser.error("-- stands before the arguments of a program, and this runs none")
    given.args = its
    try:
        return asyncio.run(_DO[given.command](given))
    except RoomError as error:
        print(f"collab: {error}", file=sys.stderr)
        return _code(error)
    except OSError as error:
        print(f"collab: {error}", file=sys.stderr)
        return _NO_FILE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parted(arguments: Sequence[str]) -> tuple[Sequence[str], bool, Sequence[str]]:
    """Part the arguments of a command, whether there is a --, and those of a program after it."""
    if "--" not in arguments:
        return arguments, False, ()
    at = list(arguments).index("--")
    return arguments[:at], True, arguments[at + 1 :]


def remote(given: argparse.Namespace) -> Remote:
    """Return the room that a command line names. Raises RoomError."""
    address = Address.parse(given.room, given.server)
    return Remote(address, name=given.name, token=token_for(address.server, given.server))


def token_for(server: str, own: str | None) -> str | None:
    """Return COLLAB_TOKEN, for one's own server alone: a link may lead to anybody's."""
    return os.environ.get("COLLAB_TOKEN") or None if server == server_of(own) else None


def add_room_options(parser: argparse.ArgumentParser) -> None:
    """Add what all commands about one room take."""
    parser.add_argument("room", metavar="ROOM", help="a link to the room, or its id on the server")
    name = os.environ.get("COLLAB_NAME") or "Shell"
    parser.add_argument("--name", default=name, help="who people are told it is (COLLAB_NAME)")


async def _run(given: argparse.Namespace) -> int:
    stdin = None
    if given.input is not None:
        source = sys.stdin.buffer.read() if given.input == _STDIN else _read(given.input)
        stdin = source.decode(errors="replace")
    async with remote(given) as room:
        run = await room.run(given.path, args=given.args or None, stdin=stdin)
        try:
            await _follow(run)
        except asyncio.CancelledError:
            await run.stop()  # Ctrl+C is for the program
            raise
    assert run.ended
    if run.ended.words:
        print(f"collab: {run.ended.words}", file=sys.stderr)
    exit_ = run.ended.exit
    if exit_ is None:
        print(f"collab: it ended by {run.ended.reason}", file=sys.stderr)
        return 1
    return exit_ if exit_ >= 0 else 128 - exit_


async def _follow(run: Run) -> None:
    streams = {"stdout": sys.stdout, "stderr": sys.stderr}
    async for piece in run:
        if stream := streams.get(piece.stream):
            stream.write(piece.text)
            stream.flush()


async def _cat(given: argparse.Namespace) -> int:
    async with remote(given) as room:
        content = await room.read_bytes(given.path)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


async def _put(given: argparse.Namespace) -> int:
    content = sys.stdin.buffer.read() if given.file == _STDIN else _read(given.file)
    async with remote(given) as room:
        await room.put(given.path, content)
    return 0


async def _rooms(given: argparse.Namespace) -> int:
    server = server_of(given.server)
    token = token_for(server, given.server)
    if token is None:
        raise NoEntry("no_token", "Put an API token of your account into COLLAB_TOKEN.")
    rest = Rest(server, given.name, "shell", token)
    try:
        rooms = (await rest.ask("GET", "/me/rooms")).json()
    finally:
        await rest.leave()
    for room in rooms:
        print(f"{room['room_id']}  {room['title'] or '(no name)'}")
    return 0


async def _mcp(given: argparse.Namespace) -> int:
    try:
        from collab.mcp.limits import AgentLimits  # noqa: PLC0415
        from collab.mcp.server import make_server, serve_http  # noqa: PLC0415
    except ImportError as error:
        words = f"collab mcp needs {error.name}: pip install 'collab[mcp]'"
        raise RoomError("no_extra", words) from error
    most = (given.changes_per_minute, given.messages_per_minute, given.runs_per_minute)
    address = Address.parse(given.room, given.server)
    token = token_for(address.server, given.server)
    async with Room(address, given.name, token=token, agent_for=given.agent_for) as room:
        server = make_server(room, AgentLimits(*most), reads_only=given.read_only)
        if given.http is None:
            await server.run_stdio_async()
            return 0
        secret = os.environ.get("COLLAB_MCP_TOKEN") or secrets.token_urlsafe(24)
        words = f"collab: MCP at http://127.0.0.1:{given.http}/mcp; Authorization: Bearer {secret}"
        print(words, file=sys.stderr, flush=True)
        await serve_http(server, given.http, secret)
    return 0


async def _mirror(given: argparse.Namespace) -> int:
    try:
        from collab.mirror.mirror import Mirror  # noqa: PLC0415
    except ImportError as error:
        words = f"collab mirror needs {error.name}: pip install 'collab[mirror]'"
        raise RoomError("no_extra", words) from error
    folder = Path(given.folder)
    if not given.dry_run:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    address = Address.parse(given.room, given.server)
    token = token_for(address.server, given.server)
    async with Room(address, f"{given.name}'s folder", token=token) as room:
        reads_only = given.read_only or room.role in ("viewer", "commenter")
        mirror = Mirror(
            room, folder, reads_only=reads_only, dry=given.dry_run, say=_say, may_remove=_may_remove
        )
        await (mirror.step_once() if given.dry_run else mirror.run())
    return 0


def _say(words: str) -> None:
    print(words, flush=True)


async def _may_remove(count: int) -> bool:
    """Ask the person, if there is one."""
    if not sys.stdin.isatty():
        return False
    _say(f"{count} files are gone from the folder. Remove them from the room, for everybody? [y/N]")
    loop, answer = asyncio.get_running_loop(), asyncio.Future[bytes]()

    def read() -> None:
        line = os.read(sys.stdin.fileno(), 1000)
        with suppress(RuntimeError):  # the command has ended
            loop.call_soon_threadsafe(answer.set_result, line)

    threading.Thread(target=read, daemon=True).start()  # Ctrl+C does not wait for it
    return (await answer).strip().lower() in (b"y", b"yes")


def _read(file: str) -> bytes:
    return Path(file).read_bytes()


def _code(error: RoomError) -> int:
    kinds = {NoEntry: _NO_ENTRY, NotThere: _NO_FILE, NoServer: _NO_SERVER}
    return kinds.get(type(error), _NO_ENTRY if error.code == "not_allowed" else _OTHER)


_DO: dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, int]]] = {
    "run": _run,
    "cat": _cat,
    "put": _put,
    "rooms": _rooms,
    "mcp": _mcp,
    "mirror": _mirror,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="collab",
        description="Work in a room of a Collab server from a shell.",
        epilog="Exit codes: of `run` that of the program; 66 no such file, 69 no answer from the"
        " server, 77 not allowed in, 70 anything else. COLLAB_TOKEN, an API token, is shown to"
        " COLLAB_SERVER alone.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.add_argument("--server", help="the server of ids, and yours (COLLAB_SERVER)")
        if name != "rooms":
            add_room_options(made)
        return made

    run = command(
        "run",
        "Run a file for everybody in the room, and print what it prints. The "
        "arguments of the program come last, after --.",
    )
    run.add_argument("path", metavar="PATH", nargs="?", help="without it, the room's program")
    run.add_argument("--input", metavar="FILE", help="a file with all its input; - is this one's")
    cat = command("cat", "Print a file of the room.")
    cat.add_argument("path", metavar="PATH")
    put = command("put", "Write a file of the room. Of a text only the difference is written.")
    put.add_argument("path", metavar="PATH")
    put.add_argument("file", metavar="FILE", nargs="?", default=_STDIN, help="default: -, stdin")
    mcp = command("mcp", "Let an MCP client, such as a coding agent, into the room.")
    mcp.add_argument("--for", dest="agent_for", required=True, metavar="NAME", help="your name")
    mcp.add_argument("--read-only", action="store_true", help="it comments and proposes, no more")
    mcp.add_argument("--http", type=int, metavar="PORT", help="streamable HTTP instead of stdio")
    for what, default in (("changes", 60), ("messages", 10), ("runs", 10)):
        mcp.add_argument(f"--{what}-per-minute", type=int, default=default, metavar="N")
    mirror = command("mirror", "Keep a folder on this disk and the room in step, both ways.")
    mirror.add_argument("folder", metavar="DIR", help="made where it is missing")
    mirror.add_argument("--read-only", action="store_true", help="the room gets nothing from DIR")
    mirror.add_argument("--dry-run", action="store_true", help="say what it would do, and end")
    rooms = command("rooms", "List my rooms, the last opened first.")
    rooms.set_defaults(name="Shell")
    return parser
