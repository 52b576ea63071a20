"""The limits of a server: those of its rooms, and those of sockets, addresses and processes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from collab.room.state import Limits


class ServerLimits(Limits, frozen=True):
    """Every limit of the service itself. Domains have their own."""

    rooms: Annotated[int, Meta(ge=1, description="rooms open in one process")] = 10_000
    frames: Annotated[
        int, Meta(ge=0, description="WebSocket frames a second of one socket; 0 for no limit")
    ] = 2000
    patience: Annotated[
        float, Meta(ge=0, description="seconds of more than that, after which a socket is closed")
    ] = 60.0
    request_within: Annotated[
        int,
        Meta(
            ge=1,
            description="seconds that a connection may take to ask, the first time or again,"
            " and to begin a body or a message",
        ),
    ] = 10
    least_rate: Annotated[
        int,
        Meta(ge=1, description="bytes a second at which a body or a message must come after that"),
    ] = 4096
    join_within: Annotated[
        float, Meta(gt=0, description="seconds in which a socket of the OT protocol must join")
    ] = 30.0
    sockets_per_address: Annotated[
        int, Meta(ge=0, description="sockets open from one address; 0 for no limit")
    ] = 2000
    rooms_per_address: Annotated[
        int, Meta(ge=0, description="rooms made from one address in an hour; 0 for no limit")
    ] = 2000
    frames_per_address: Annotated[
        int, Meta(ge=0, description="WebSocket frames a second of one address; 0 for no limit")
    ] = 20_000
    bytes_per_address: Annotated[
        int, Meta(ge=0, description="bytes a second of one address; 0 for no limit")
    ] = 16 * 1024 * 1024
    held_per_address: Annotated[
        int,
        Meta(ge=0, description="bytes of unfinished bodies and messages of one address; 0 for any"),
    ] = 32 * 1024 * 1024
    log_bytes_per_address: Annotated[
        int,
        Meta(
            ge=0,
            description="bytes an hour that one address adds to logs at full speed; 0 for any",
        ),
    ] = 1024 * 1024 * 1024
    log_bytes_per_room: Annotated[
        int,
        Meta(ge=0, description="bytes an hour that a room's log grows at full speed; 0 for any"),
    ] = 512 * 1024 * 1024
    outbox: Annotated[
        int, Meta(ge=1, description="frames waiting for one session, which is closed beyond")
    ] = 2000
    outbox_bytes: Annotated[
        int, Meta(ge=1, description="bytes waiting for one session, which is closed beyond")
    ] = 32 * 1024 * 1024
    outboxes_bytes: Annotated[
        int,
        Meta(
            ge=1,
            description="bytes waiting for all peers of a process; beyond, the worst is cut off",
        ),
    ] = 128 * 1024 * 1024
    snapshot_every: Annotated[int, Meta(ge=1, description="revisions between two snapshots")] = 500
