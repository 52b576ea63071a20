"""The settings of a server process. `collab.options` reads them from a command line."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, Struct, convert, field

from collab.live import redis_address
from collab.live.limits import ServerLimits
from collab.telemetry.logs import Form, Level

S = TypeVar("S", bound=Struct)
Command = Literal["serve", "doctor", "backup", "restore", "user", "purge"]
DatabaseUrl = Annotated[str, Meta(pattern=r"\Apostgres(ql)?://")]
RedisUrl = Annotated[str, Meta(pattern=r"\A(rediss?(\+sentinel|\+cluster)?|unix)://")]
BasePath = Annotated[str, Meta(pattern=r"\A(/[A-Za-z0-9._~-]+)*\Z")]
Origin = Annotated[str, Meta(pattern=r"\A(\*|https?://[^/\s]+)\Z")]

Host = Annotated[str, Meta(pattern=r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])\Z")]


class Settings(Struct, frozen=True):
    """Settings of one server process. Times are in seconds, sizes as named.

    Each field is an option: `data_dir` is --data-dir and COLLAB_DATA_DIR. The fields of `limits`
    are --limit-… and COLLAB_LIMIT_…. Each domain adds its own, under its name.
    """

    host: Annotated[str, Meta(description="address that the server listens on")] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65535, description="port that the server listens on; 0 picks a free one")
    ] = 8000
    workers: Annotated[
        int, Meta(ge=1, description="number of server processes that share the port")
    ] = 1
    data_dir: Annotated[
        Path | None,
        Meta(description="folder of the embedded PostgreSQL's data; by default the user's"),
    ] = None
    database_url: Annotated[
        DatabaseUrl | None,
        Meta(description="postgresql://… of a database to use instead of the embedded one"),
    ] = None
    redis_url: Annotated[
        RedisUrl | None,
        Meta(
            description="redis://…, redis+sentinel://… or redis+cluster://… through which server"
            " processes send one another news"
        ),
    ] = None
    base_path: Annotated[
        BasePath,
        Meta(description="path, like /pad, below which a proxy serves Collab"),
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
    limits: ServerLimits = field(default_factory=ServerLimits)
    tick: Annotated[
        float,
        Meta(gt=0, description="seconds between two checks for rooms changed by other servers"),
    ] = 1.0
    presence_timeout: Annotated[
        float, Meta(gt=0, description="seconds after which a silent process's people count as gone")
    ] = 10.0
    statement_timeout: Annotated[
        float, Meta(gt=0, description="seconds that the database may take for a statement")
    ] = 10.0
    database_wait: Annotated[
        float, Meta(ge=0, description="seconds that a start waits for a database to answer")
    ] = 60.0
    drain_timeout: Annotated[
        float, Meta(ge=0, description="seconds that a stopping server may take to commit changes")
    ] = 3.0
    heartbeat: Annotated[
        float, Meta(gt=0, description="seconds between WebSocket pings, and for a pong to come")
    ] = 4.0
    log_level: Annotated[Level, Meta(description="debug, info, warning or error")] = "warning"
    log_format: Annotated[Form, Meta(description="console for people, json for programs")] = (
        "console"
    )
    of_domains: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The options of domains that were given, by the prefix of the domain and by name."""

    def __post_init__(self) -> None:
        for network in self.trusted_proxies:
            _checked("--trusted-proxies", ip_network, network)
        if self.redis_url is not None:
            _checked("--redis-url", redis_address.parse, self.redis_url)

    def options(self, prefix: str, kind: type[S]) -> S:
        """The options of a domain that begin with a prefix, as `kind` has them."""
        return convert(self.of_domains.get(prefix, {}), kind)


def _checked(option: str, parse: Callable[[str], object], value: str) -> None:
    try:
        parse(value)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from error
