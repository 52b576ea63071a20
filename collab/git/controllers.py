"""`/r/{room_id}.git`: the smart HTTP protocol of Git."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.response import Stream

from collab.errors import ChangeRefused, LogUnavailable, PeerError, Restarting
from collab.git.credentials import Links, permit
from collab.git.fetching import (
    BadRequest,
    Fetch,
    Wanted,
    advertise,
    advertise_main,
    list_refs,
    read_command,
    read_fetch,
    read_v0,
)
from collab.git.graph import Graph
from collab.git.packets import FAILURE, FLUSH, banded, packet
from collab.git.packs import BadPack, PackLimits
from collab.git.pushed import BadPush
from collab.git.receiving import (
    MOST_NAME,
    Asked,
    Command,
    Push,
    read_push,
    report,
    report_with,
    why_refused,
)
from collab.git.repository import Repositories
from collab.git.sending import Packer
from collab.live.asker import Asker
from collab.live.hub import Hub
from collab.live.permits import no_room
from collab.live.programs import Reader, room_to_change
from collab.live.transfers import Transfers
from collab.room.doors import What
from collab.room.log import Log

Asking = Request[Any, Any, Any]
Service = Annotated[str | None, QueryParameter(name="service")]
Protocol = Annotated[str | None, HeaderParameter(name="Git-Protocol")]
_UPLOAD, _RECEIVE = "git-upload-pack", "git-receive-pack"
_NEEDS: Mapping[str, What] = {_UPLOAD: "read", _RECEIVE: "write"}
_UNKEPT = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_INFLATED = 2 * 1024 * 1024
"""Bytes of a request for a fetch, which Git compresses."""
_AT_ONCE = 2
"""Pushes that a process reads at once."""


class Transferring:
    """The limits of packs, and the fetches and pushes that are under way."""

    def __init__(self, pack: int, unpacked: int, objects: int, transfers: Transfers) -> None:
        self.pack = pack
        self.limits = PackLimits(objects, unpacked)
        self.transfers = transfers
        self.pushes = asyncio.Semaphore(_AT_ONCE)


class GitController(Controller):
    path = "/r/{repository:str}"
    include_in_schema = False

    @get("/info/refs")
    async def advertise(
        self,
        request: Asking,
        log: NamedDependency[Log],
        doors: NamedDependency[Links],
        reader: NamedDependency[Reader],
        repositories: NamedDependency[Repositories],
        repository: FromPath[str],
        service: Service = None,
        protocol: Protocol = None,
    ) -> Response[bytes]:
        room_id = _room_of(repository)
        if service is None or service not in _NEEDS:
            raise PermissionDeniedException("Only Git's smart protocol is served.")
        kind = f"application/x-{service}-advertisement"
        try:
            await _admit(request, log, doors, reader, room_id, _NEEDS[service])
        except BadRequest as error:
            body = packet(f"# service={service}") + FLUSH + packet(f"ERR {error}")
            return _answer(body, kind)
        if service == _RECEIVE:
            graph = await repositories.as_pinned(UUID(room_id))
            return _answer(advertise_main(graph), kind)
        if _is_v2(protocol):
            return _answer(advertise(None, version=2), kind)
        graph = await repositories.listed(UUID(room_id), reader)
        return _answer(advertise(graph, version=0), kind)

    @post("/git-upload-pack", status_code=200)
    async def upload(
        self,
        request: Asking,
        log: NamedDependency[Log],
        doors: NamedDependency[Links],
        reader: NamedDependency[Reader],
        repositories: NamedDependency[Repositories],
        transferring: NamedDependency[Transferring],
        repository: FromPath[str],
        protocol: Protocol = None,
    ) -> Response[bytes] | Stream:
        room_id = _room_of(repository)
        kind = f"application/x-{_UPLOAD}-result"
        try:
            await _admit(request, log, doors, reader, room_id, "read")
            body = _inflated(request, await request.body())
            packer = Packer(repositories.store, repositories.blobs, UUID(room_id))
            if not _is_v2(protocol):
                wanted = read_v0(body)
                graph = await _graph(repositories, reader, room_id, wanted)
                pieces = Fetch(graph, wanted, packer).answer_v0()
                return await _streamed(transferring, reader, pieces, kind)
            command, arguments = read_command(body)
            if command == b"ls-refs":
                graph = await repositories.listed(UUID(room_id), reader)
                return _answer(list_refs(graph, arguments), kind)
            if command != b"fetch":
                raise BadRequest("the commands are ls-refs and fetch")
            wanted = read_fetch(arguments)
            graph = await _graph(repositories, reader, room_id, wanted)
            pieces = Fetch(graph, wanted, packer).answer()
            return await _streamed(transferring, reader, pieces, kind)
        except BadRequest as error:
            return _answer(packet(f"ERR {error}"), kind)

    @post("/git-receive-pack", status_code=200)
    async def receive(
        self,
        request: Asking,
        log: NamedDependency[Log],
        doors: NamedDependency[Links],
        reader: NamedDependency[Reader],
        hub: NamedDependency[Hub],
        repositories: NamedDependency[Repositories],
        transferring: NamedDependency[Transferring],
        repository: FromPath[str],
    ) -> Response[bytes]:
        room_id = _room_of(repository)
        kind = f"application/x-{_RECEIVE}-result"
        try:
            await _admit(request, log, doors, reader, room_id, "write")
            body = _inflated(request, await request.body())
            asked = read_push(body)
        except BadRequest as error:
            return _answer(b"".join(banded(FAILURE, str(error).encode())) + FLUSH, kind)
        if not asked.commands:
            return _answer(b"", kind)
        with transferring.transfers.one(reader.address):
            async with transferring.pushes, room_to_change(hub, reader, room_id) as host:
                graph = await repositories.brought_up(host.room_id)
                push = Push(repositories, log, host, reader, graph)
                return _answer(await _pushed(push, asked, transferring), kind)


async def _graph(repositories: Repositories, reader: Reader, room_id: str, wanted: Wanted) -> Graph:
    """Return the commits that a fetch may ask for, with the refs if it names any."""
    if wanted.beyond:
        return await repositories.listed(UUID(room_id), reader)
    return await repositories.brought_up(UUID(room_id))


async def _pushed(push: Push, asked: Asked, transferring: Transferring) -> bytes:
    """Try the commands of a push. Returns the report."""
    outcomes: dict[Command, str | None] = {one: why_refused(one) for one in asked.commands}
    unpacked = remark = None
    for command, words in outcomes.items():
        if words:
            continue
        try:
            if len(asked.pack) > transferring.pack:
                raise BadPack(f"the pack has more than {transferring.pack} bytes, the limit")
            tip = await push.run(command, asked.pack, transferring.limits)
        except BadPack as error:
            unpacked, outcomes[command] = str(error), "the pack was refused"
        except (BadPush, PeerError, ChangeRefused) as error:
            outcomes[command] = str(error)
        except LogUnavailable:
            outcomes[command] = "the database does not answer; push again"
        except Restarting:
            outcomes[command] = "the server is about to stop; push again"
        else:
            if tip.id != command.new:
                remark = "What you pushed is merged with the room. Next: git pull --ff-only"
        break
    return report_with(asked.can, report(unpacked, outcomes), remark or "")


async def _admit(
    request: Asking, log: Log, links: Links, reader: Reader, room_id: str, what: What
) -> None:
    reader.permit, who = await permit(request.scope, log, links, room_id, what)
    if who and who.name:
        reader.asker = Asker(who.name[:MOST_NAME], reader.asker.person)


async def _streamed(
    transferring: Transferring, reader: Reader, pieces: AsyncIterator[bytes], kind: str
) -> Response[bytes] | Stream:
    try:
        counted = await transferring.transfers.begin(reader.address, pieces)
    except StopAsyncIteration:
        return _answer(b"", kind)
    return Stream(counted, status_code=200, media_type=kind, headers=_UNKEPT)


def _answer(body: bytes, kind: str) -> Response[bytes]:
    return Response(body, status_code=200, media_type=kind, headers=_UNKEPT)


def _room_of(repository: str) -> str:
    room_id = repository.removesuffix(".git")
    if room_id == repository:
        raise no_room()
    return room_id.lower()


def _is_v2(protocol: str | None) -> bool:
    return "version=2" in (protocol or "").split(":")


def _inflated(request: Asking, body: bytes) -> bytes:
    """Return a body as it was before Git compressed it. Raises BadRequest."""
    if request.headers.get("content-encoding", "") not in ("gzip", "x-gzip"):
        return body
    inflating = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        data = inflating.decompress(body, _INFLATED)
    except zlib.error:
        raise BadRequest("the request cannot be inflated") from None
    if not inflating.eof:
        raise BadRequest("the request is too large")
    return data
