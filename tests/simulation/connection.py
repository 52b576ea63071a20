"""The wires between a client and a server process of the simulation."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collab.protocol import (
    ClientMessage,
    PlainMessage,
    ServerMessage,
)
from collab.room.session import Session
from tests.simulation.forger import Forger
from tests.simulation.peers import Peer
from tests.simulation.plain_peer import PlainPeer

if TYPE_CHECKING:
    from tests.simulation.process import Process


class Closed:
    """The last item on a wire: the other side has closed the connection."""


CLOSED = Closed()


@dataclass(eq=False)
class Connection:
    """Two wires, one for each direction. Each keeps its order; messages on it may never arrive."""

    process: Process
    peer: Peer | PlainPeer | Forger
    up: deque[ClientMessage | PlainMessage | Closed] = field(default_factory=deque)
    down: deque[ServerMessage | Closed] = field(default_factory=deque)
    session: Session | None = None
    busy: bool = False
    """The process is handling a message; the next one waits."""
    gone: bool = False
    """The client knows that the connection has ended."""
    dead: bool = False
    """The process knows that the connection has ended."""
    said: list[ClientMessage | PlainMessage] = field(default_factory=list)
    """Every message that the client ever sent on this connection."""

    def say(self, message: ClientMessage | PlainMessage) -> None:
        self.up.append(message)
        self.said.append(message)
