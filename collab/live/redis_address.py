"""Addresses of Redis: of one server, of the Sentinels that know its master, or of a cluster.

redis://USER:PASSWORD@HOST:PORT/DATABASE                      rediss:// with TLS; unix://
redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/SERVICE/DATABASE?sentinel_password=…
redis+cluster://USER:PASSWORD@HOST:PORT,HOST:PORT
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

_SEVERAL = re.compile(r"(rediss?)\+(sentinel|cluster)://(.*)\Z")
_PORTS = {"sentinel": 26379, "cluster": 6379}


@dataclass(frozen=True, slots=True)
class Servers:
    """The Sentinels of a service, or nodes of a cluster. The user is the one of Redis."""

    kind: Literal["sentinel", "cluster"]
    nodes: tuple[tuple[str, int], ...]
    """Hosts and ports."""
    tls: bool = False
    username: str | None = None
    password: str | None = None
    service: str = ""
    """The name by which Sentinels know the master."""
    database: int = 0
    sentinel_password: str | None = None


def parse(address: str) -> str | Servers:
    """Return the URL of one server, or several servers. Raises ValueError, with words."""
    several = _SEVERAL.match(address)
    if several is None:
        _ = urlsplit(address).port  # a ValueError says what is wrong with it
        return address
    scheme, kind, rest = several.groups()
    authority = re.split("[/?]", rest, maxsplit=1)[0]
    user, at, hosts = authority.rpartition("@")
    # One host stands for all of them: what surrounds it is as in every URL.
    url = urlsplit(f"redis://{user}{at}host{rest[len(authority) :]}")
    nodes = tuple(_node(host, _PORTS[kind]) for host in hosts.split(","))
    path = [unquote(part) for part in url.path.split("/")[1:] if part]
    query = parse_qs(url.query, strict_parsing=bool(url.query))
    if kind == "sentinel" and not 1 <= len(path) <= 2:
        raise ValueError("the path is /SERVICE or /SERVICE/DATABASE")
    if kind == "cluster" and path:
        raise ValueError("a cluster has no databases")
    for name in query.keys() - ({"sentinel_password"} if kind == "sentinel" else set()):
        raise ValueError(f"{name!r} is not known")
    return Servers(
        kind="sentinel" if kind == "sentinel" else "cluster",
        nodes=nodes,
        tls=scheme == "rediss",
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        service=path[0] if path else "",
        database=_number(path[1]) if path[1:] else 0,
        sentinel_password=query.get("sentinel_password", [None])[0],
    )


def _node(host: str, usual_port: int) -> tuple[str, int]:
    url = urlsplit(f"redis://{host}")
    if not url.hostname:
        raise ValueError(f"{host!r} is no HOST:PORT")
    return url.hostname, url.port or usual_port


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"the database {text!r} is not a number")
    return int(text)
