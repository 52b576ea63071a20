"""What an operator can set: on the command line, or as COLLAB_… in the environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, ValidationError, convert, field, structs

from collab.room.state import Limits
from collab.telemetry.logs import Form, Level

Command = Literal["serve", "doctor", "backup", "restore"]
DatabaseUrl = Annotated[str, Meta(pattern=r"\Apostgres(ql)?://")]
RedisUrl = Annotated[str, Meta(pattern=r"\A(rediss?|unix)://")]
BasePath = Annotated[str, Meta(pattern=r"\A(/[A-Za-z0-9._~-]+)*\Z")]
Origin = Annotated[str, Meta(pattern=r"\A(\*|https?://[^/\s]+)\Z")]

Host = Annotated[str, Meta(pattern=r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])\Z")]


class Settings(Struct, frozen=True):
    """How one server process runs. Times in seconds, sizes as named.

    Each field is an option: `data_dir` is --data-dir and COLLAB_DATA_DIR. Those of `limits` are
    named --limit-… and COLLAB_LIMIT_….
    """

    host: Annotated[str, Meta(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="port; 0 picks one")] = 8000
    workers: Annotated[int, Meta(ge=1, description="server processes on that port")] = 1
    data_dir: Annotated[
        Path | None, Meta(description="data of the embedded PostgreSQL; by default the user's")
    ] = None
    database_url: Annotated[
        DatabaseUrl | None, Meta(description="postgresql://… to use instead of the embedded one")
    ] = None
    redis_url: Annotated[
        RedisUrl | None,
        Meta(description="redis://… over which server processes tell one another of news"),
    ] = None
    base_path: Annotated[
        BasePath,
        Meta(description="path below which a proxy has this server, like /pad"),
    ] = ""
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="networks, like 10.0.0.0/8, whose X-Forwarded headers are believed"),
    ] = ()
    allowed_origins: Annotated[
        tuple[Origin, ...],
        Meta(description="other sites whose pages may use this server, like https://example.com"),
    ] = ()
    allowed_hosts: Annotated[
        tuple[Host, ...],
        Meta(description="names without ports that browsers may call this server by; all if none"),
    ] = ()
    limits: Limits = field(default_factory=Limits)
    tick: Annotated[
        float, Meta(gt=0, description="between two looks at which rooms have gone on elsewhere")
    ] = 1.0
    presence_timeout: Annotated[
        float, Meta(gt=0, description="after which the people of a silent process are gone")
    ] = 10.0
    statement_timeout: Annotated[
        float, Meta(gt=0, description="that the database may take for a statement")
    ] = 10.0
    database_wait: Annotated[
        float, Meta(ge=0, description="that a start waits for a database that does not answer yet")
    ] = 60.0
    drain_timeout: Annotated[
        float, Meta(ge=0, description="that a stopping server goes on committing what it has")
    ] = 3.0
    heartbeat: Annotated[
        float, Meta(gt=0, description="between two WebSocket pings, and that a pong may take")
    ] = 4.0
    log_level: Annotated[Level, Meta(description="debug, info, warning or error")] = "warning"
    log_format: Annotated[Form, Meta(description="console for people, json for programs")] = (
        "console"
    )
    completion_wait: Annotated[
        float, Meta(ge=0, description="that a completion waits for what Jedi knows of Python")
    ] = 0.03
    completion_timeout: Annotated[
        float, Meta(gt=0, description="after which the process that makes completions is stopped")
    ] = 1.0

    def __post_init__(self) -> None:
        for network in self.trusted_proxies:
            ip_network(network)  # a ValueError says what is wrong with it

    @classmethod
    def read(
        cls, arguments: Sequence[str], environment: Mapping[str, str] = os.environ
    ) -> Settings:
        """From a command line, then the environment, then the defaults. Exits with usage when
        they make no sense."""
        return cls.read_command(arguments, environment)[2]

    @classmethod
    def read_command(
        cls, arguments: Sequence[str], environment: Mapping[str, str] = os.environ
    ) -> tuple[Command, Path | None, Settings]:
        """The same, with what is to be done, and the file that a backup is in."""
        options = list(_options())
        parser = _parser(options)
        given = parser.parse_args(arguments)
        found: dict[str, Any] = {}
        for option in options:
            text = getattr(given, option.name)
            if text is None:
                text = environment.get(option.variable) or None
            if text is not None:
                try:
                    found[option.name] = _value(text, option.kind)
                except ValidationError as error:
                    parser.error(f"{option.flag} {text}: {error} ({option.words})")
        limits = {
            name.removeprefix(_LIMIT): found.pop(name)
            for name in list(found)
            if name.startswith(_LIMIT)
        }
        if (given.file is None) != (given.command not in ("backup", "restore")):
            parser.error(f"{given.command} takes {'no' if given.file else 'a'} FILE")
        try:
            return given.command, given.file, cls(**found, limits=Limits(**limits))
        except ValueError as error:
            parser.error(f"--trusted-proxies: {error}")


_LIMIT = "limit_"


class _Option(Struct):
    """One thing that can be set; `kind` is the type of the field, with its bounds."""

    name: str
    kind: Any
    words: str
    default: Any

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return f"COLLAB_{self.name.upper()}"


def _options() -> Iterator[_Option]:
    for prefix, owner in (("", Settings), (_LIMIT, Limits)):
        hints = get_type_hints(owner, include_extras=True)
        for found in structs.fields(owner):
            kind = hints[found.name]
            if kind is not Limits:
                yield _Option(prefix + found.name, kind, _description(kind), found.default)


def _description(kind: Any) -> str:
    """What the annotation of a field says of it."""
    metas = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return next((m.description for m in metas if isinstance(m, Meta) and m.description), "")


def _value(text: str, kind: Any) -> Any:
    """What a text means for a field; commas part several values. Raises ValidationError."""
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    several = get_origin(plain) is tuple
    value = tuple(part.strip() for part in text.split(",") if part.strip()) if several else text
    if Path in get_args(plain):
        return Path(text)
    return convert(value, kind, strict=False)


def _parser(options: Sequence[_Option]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="collab",
        description="Rooms in which people write code together.",
        epilog="Every option can be given in the environment too: --port as COLLAB_PORT.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=get_args(Command),
        default="serve",
        help="serve, the default; doctor looks at what a server needs and says what is wrong; "
        "backup writes the database to FILE; restore reads it into a new one",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="of a backup")
    for option in options:
        default = f" (default: {option.default})" if option.default not in (None, (), "") else ""
        words = f"{option.words}{default}".replace("%", "%%")
        parser.add_argument(option.flag, dest=option.name, metavar="…", help=words)
    return parser
