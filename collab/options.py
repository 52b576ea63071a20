"""Reads the settings from a command line, or from COLLAB_… in the environment."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, ValidationError, convert, structs

from collab.domains import DOMAINS
from collab.live.limits import ServerLimits
from collab.settings import Command, Settings

_LIMIT = "limit"
_NUMBER = re.compile(r"Expected `(int|float)`(?: (>=|<=|>) (\S+))?")
_KINDS = {"int": "a whole number", "float": "a number"}
_BOUNDS = {">=": "at least", "<=": "at most", ">": "above"}


def read(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Read settings from a command line, then the environment, then the defaults.

    Exits with the usage when they make no sense.
    """
    return read_command(arguments, environment)[2]


def read_command(
    arguments: Sequence[str], environment: Mapping[str, str] = os.environ
) -> tuple[Command, Sequence[str], Settings]:
    """Read the settings, and the command that the command line names, with its arguments."""
    options = list(known_options())
    parser = _parser(options)
    given = parser.parse_args(arguments)
    if given.before is not None:
        given.arguments.append(given.before)
    found: dict[str, dict[str, Any]] = {}
    for option in options:
        text, name = getattr(given, option.name), option.flag
        if text is None:
            text, name = environment.get(option.variable) or None, option.variable
        if text is not None:
            try:
                value = _value(text, option.kind)
            except ValidationError as error:
                parser.error(f"{name} {_unsecret(text)}: {_wrong(error)} ({option.words})")
            found.setdefault(option.prefix, {})[option.field] = value
    if wanted := _wanted(given.command, given.arguments):
        parser.error(f"{given.command} takes {wanted}")
    service, limits = found.pop("", {}), ServerLimits(**found.pop(_LIMIT, {}))
    try:
        return given.command, given.arguments, Settings(**service, limits=limits, of_domains=found)
    except ValueError as error:
        parser.error(str(error))


class Option(Struct):
    """One thing that can be set. `kind` is the type of the field, with its bounds.

    `prefix` says whose it is: "" for Settings, `limit` for its limits, else a domain.
    """

    prefix: str
    field: str
    kind: Any
    words: str
    default: Any

    @property
    def name(self) -> str:
        # An option that is called like its domain is the domain's own: --run.
        if self.field == self.prefix or not self.prefix:
            return self.field
        return f"{self.prefix}_{self.field}"

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return f"COLLAB_{self.name.upper()}"


def known_options() -> Iterator[Option]:
    """Every option: of the service, its limits, and each domain."""
    yield from _options_of("", Settings)
    yield from _options_of(_LIMIT, ServerLimits)
    for domain in DOMAINS:
        if domain.options:
            yield from _options_of(domain.name, domain.options)
        if domain.limits:
            yield from _options_of(f"{_LIMIT}_{domain.name}", domain.limits)


def _options_of(prefix: str, owner: type[Struct]) -> Iterator[Option]:
    hints = get_type_hints(owner, include_extras=True)
    for found in structs.fields(owner):
        kind = hints[found.name]
        if get_origin(kind) is not dict and kind is not ServerLimits:
            yield Option(prefix, found.name, kind, _description(kind), found.default)


def _description(kind: Any) -> str:
    """Return the words for a field, from its annotation."""
    metas = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return next((m.description for m in metas if isinstance(m, Meta) and m.description), "")


def _value(text: str, kind: Any) -> Any:
    """Read a text as the value of a field. Commas part several values. Raises ValidationError."""
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    several = get_origin(plain) is tuple
    value = tuple(part.strip() for part in text.split(",") if part.strip()) if several else text
    if Path in get_args(plain):
        return Path(text)
    return convert(value, kind, strict=False)


def _wrong(error: ValidationError) -> str:
    """Return words for a value that an option does not take. msgspec's are for programmers."""
    words = str(error)
    if number := _NUMBER.match(words):
        kind, bound, limit = number.groups()
        return f"it must be {_KINDS[kind]}" + (f", {_BOUNDS[bound]} {limit}" if bound else "")
    if words.startswith("Invalid enum value"):
        return "it must be one of those named here"
    return "it does not look like what is named here"


def _unsecret(text: str) -> str:
    """Return a value without the passwords that an address may have."""
    return re.sub(r"(_password=)[^&]*", r"\1…", re.sub(r"://[^@/]*@", "://…@", text))


def _wanted(command: Command, arguments: Sequence[str]) -> str:
    """Return words for the arguments that a command takes, where it was given others."""
    if command == "user":
        match arguments:
            case ["list"] | ["add" | "admin" | "reset", _]:
                return ""
        return "add NAME, admin NAME, reset NAME or list"
    if command == "purge":
        return "" if len(arguments) == 2 else "the id of a ROOM and --before REVISION"
    if command in ("backup", "restore"):
        return "" if len(arguments) == 1 else "a FILE"
    return "no FILE" if arguments else ""


def _parser(options: Sequence[Option]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="collab",
        description="Rooms in which people write code together.",
        epilog="Every option can be given in the environment too: --port as COLLAB_PORT. In a room"
        " of any server: collab run, cat, put and rooms, each with --help.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=get_args(Command),
        default="serve",
        help="serve, the default; doctor looks at what a server needs and says what is wrong; "
        "backup writes the database to FILE; restore reads it into a new one; user adds an account "
        "(add NAME), makes an admin (admin NAME), lets set a password (reset NAME), or lists all "
        "(list); purge makes what the room ROOM was before a revision unreadable (--before)",
    )
    parser.add_argument("--before", metavar="REVISION", help="the revision for purge")
    words = "FILE of a backup, ROOM to purge, or what user does"
    parser.add_argument("arguments", nargs="*", metavar="FILE", help=words)
    for option in options:
        default = f" (default: {option.default})" if option.default not in (None, (), "") else ""
        words = f"{option.words}{default}".replace("%", "%%")
        parser.add_argument(option.flag, dest=option.name, metavar="…", help=words)
    return parser
