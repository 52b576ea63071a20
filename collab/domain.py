"""A domain: one family of features of the server, with its own folder, routes and options.

A domain is a folder of `collab` whose module `domain` holds a `Domain`, and two lines in
`collab.domains`. The process that supervises workers reads the options of all domains and serves
nothing, so a `Domain` is made without importing what it serves; `parts` imports that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.di import Provide
    from litestar.types import ControllerRouterHandler, Middleware

    from collab.live.extension import Extension


class Parts(Struct, frozen=True):
    """The parts of the application that one domain makes."""

    routes: Sequence[ControllerRouterHandler]
    dependencies: Mapping[str, Provide] = {}
    """Objects that Litestar passes to the handlers, by the names of their parameters. Domains may
    also use those of the service itself, which `collab.app` names."""
    errors: Mapping[int | type[Exception], Callable[..., Any]] = {}
    """Functions that make the answer to a request which ended in this exception or status."""
    bodies: Mapping[str, int] = {}
    """The largest body of a request, in bytes, by the path of its route, in which parameters are
    like {room_id}. Other routes take none."""
    streamed: Collection[str] = ()
    """The routes of `bodies` whose handlers keep no more of a body in memory than a piece."""
    extension: Extension | None = None
    """What it adds to the rooms in memory."""
    middleware: Sequence[Middleware] = ()
    """What each request and socket passes before a route takes it, inside that of the service."""
    lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]] | None = None
    """Runs around the serving of the application, inside the log and the hub."""


class Domain(Struct, frozen=True):
    """One domain. `name` is the prefix of its options.

    The fields of `options` are --<name>-… on the command line, those of `limits`
    --limit-<name>-….
    """

    name: str
    parts: Callable[[Settings], Parts]
    options: type[Struct] | None = None
    limits: type[Struct] | None = None
    warn: Callable[[Settings], str] | None = None
    """What the person who starts a server has to know of it, in a line; empty for nothing."""
    examine: Callable[[Settings], Coroutine[Any, Any, Sequence[tuple[str, bool, str]]]] | None = (
        None
    )
    """For `collab doctor`: the name of what was checked, whether it is well, and words."""
