"""The request of a fetch, and its answer. Protocols 0 and 2, as stateless requests.

`gitprotocol-pack` and `gitprotocol-v2` of Git have the rules. The first commit that both sides have
is enough: whoever has a commit of `main` has all before it, unless its history is cut off.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from msgspec import Struct, field

from collab.git.graph import INFINITE, Boundary, CommitRow, Graph
from collab.git.objects import parse_id
from collab.git.packets import BAND, DATA, DELIMITER, FLUSH, BadPackets, banded, lines, packet
from collab.git.sending import Packer

BRANCH = b"refs/heads/main"
_HEAD, _TAGS = b"HEAD", b"refs/tags/"
AGENT = b"agent=collab"
_V0 = (
    b"multi_ack_detailed no-done side-band-64k thin-pack ofs-delta shallow deepen-since deepen-not"
    b" deepen-relative"
    b" no-progress symref=HEAD:refs/heads/main object-format=sha1 " + AGENT
)
_MOST_IDS = 20_000
"""Ids that one request may name."""
_MOST_REFS = 100


class BadRequest(Exception):
    """A request that is refused, with words that Git tells its user."""


class Wanted(Struct):
    """The request of a fetch. `ended` tells whether a mark ends its list of haves."""

    wants: list[bytes] = field(default_factory=list)
    haves: list[bytes] = field(default_factory=list)
    shallow: list[bytes] = field(default_factory=list)
    depth: int | None = None
    since: int | None = None
    beyond: list[str] = field(default_factory=list)
    """Refs whose history is not asked for."""
    relative: bool = False
    done: bool = False
    ended: bool = False
    can: set[bytes] = field(default_factory=set)


def advertise(graph: Graph | None, *, version: int) -> bytes:
    """Return the answer to the first request of a fetch; that of protocol 2 has no refs."""
    head = packet("# service=git-upload-pack") + FLUSH
    if version == 2:
        told = ("version 2", AGENT.decode(), "ls-refs", "fetch=shallow", "object-format=sha1")
        return head + b"".join(map(packet, told)) + FLUSH
    tip = graph.tip if graph else None
    if graph is None or tip is None:
        none = b"0" * 40
        return head + packet(none + b" capabilities^{}\0" + _V0 + b"\n") + FLUSH
    (_, id_), *others = _refs(graph, tip)
    first = packet(id_.hex().encode() + b" HEAD\0" + _V0 + b"\n")
    refs = b"".join(packet(id_.hex().encode() + b" " + ref + b"\n") for ref, id_ in others)
    return head + first + refs + FLUSH


def advertise_main(graph: Graph) -> bytes:
    """Return the answer to the first request of a push.

    With `no-thin` a pack can be read by itself, and with `delete-refs` it is the server that says
    in words why nothing is deleted.
    """
    can = b"report-status delete-refs side-band-64k ofs-delta no-thin object-format=sha1 " + AGENT
    head = packet("# service=git-receive-pack") + FLUSH
    tip = graph.tip
    first = tip.id.hex().encode() + b" " + BRANCH if tip else b"0" * 40 + b" capabilities^{}"
    return head + packet(first + b"\0" + can + b"\n") + FLUSH


def list_refs(graph: Graph, arguments: list[bytes]) -> bytes:
    """Return the answer to `ls-refs`."""
    prefixes = [one[11:] for one in arguments if one.startswith(b"ref-prefix ")]
    if (tip := graph.tip) is None:
        return FLUSH
    symref = b" symref-target:" + BRANCH if b"symrefs" in arguments else b""
    told = b""
    for ref, id_ in _refs(graph, tip):
        if not prefixes or any(ref.startswith(prefix) for prefix in prefixes):
            more = symref if ref == _HEAD else b""
            told += packet(id_.hex().encode() + b" " + ref + more + b"\n")
    return told + FLUSH


def _refs(graph: Graph, tip: CommitRow) -> list[tuple[bytes, bytes]]:
    """Return the refs of a room and their commits, in the order in which Git lists them."""
    tags = sorted((_TAGS + name.encode(), id_) for name, id_ in graph.tags.items())
    return [(_HEAD, tip.id), (BRANCH, tip.id), *tags]


def read_command(body: bytes) -> tuple[bytes, list[bytes]]:
    """Return the command of a request of protocol 2, and its arguments. Raises BadRequest."""
    command, arguments, beyond = b"", list[bytes](), False
    for line in _lines(body):
        if line is None:
            beyond = True
        elif beyond:
            arguments.append(line)
        elif line.startswith(b"command="):
            command = line[8:]
        elif line.startswith(b"object-format=") and line != b"object-format=sha1":
            raise BadRequest("the objects of this repository are named by SHA-1")
    return command, arguments


def read_fetch(arguments: list[bytes]) -> Wanted:
    """Read the arguments of `fetch` in protocol 2. Raises BadRequest."""
    wanted = Wanted(ended=True)
    for line in arguments:
        _read(wanted, line)
    return wanted


def read_v0(body: bytes) -> Wanted:
    """Read a request of protocol 0. Raises BadRequest."""
    wanted = Wanted()
    for line in _lines(body):
        if line is None:
            wanted.ended = bool(wanted.haves)
            continue
        parts = line.split(b" ")
        if parts[0] == b"want":
            wanted.can.update(parts[2:])
            parts = parts[:2]
        _read(wanted, b" ".join(parts))
    wanted.relative = b"deepen-relative" in wanted.can
    return wanted


class Fetch:
    """One fetch: what is asked for, and the room's commits."""

    def __init__(self, graph: Graph, wanted: Wanted, packer: Packer) -> None:
        """Raises BadRequest for a commit that is not the room's."""
        for want in wanted.wants:
            if want not in graph.commits:
                raise BadRequest(f"this room has no commit {want.hex()}")
        if not wanted.wants:
            raise BadRequest("nothing is asked for")
        self._graph = graph
        self._wanted = wanted
        self._packer = packer
        self._common = [have for have in wanted.haves if have in graph.commits]
        self._bound: Boundary | None = None

    async def bind(self) -> None:
        """Find out which commits are asked for, if not all. Raises BadRequest."""
        graph, wanted = self._graph, self._wanted
        inside: set[bytes] | None = None
        if wanted.depth is not None:
            inside = graph.deep(
                wanted.wants, wanted.shallow, wanted.depth, relative=wanted.relative
            )
        if wanted.since is not None or wanted.beyond:
            inside = await self._chosen()
            if not inside:
                raise BadRequest("no commits selected for shallow requests")
        if inside is not None:
            self._bound = graph.bounded(inside, self._common, wanted.shallow)
        elif wanted.shallow:
            self._bound = graph.beyond(wanted.wants, self._common, wanted.shallow)

    async def _chosen(self) -> set[bytes]:
        """Return the commits since a time that are not in the history of some refs."""
        graph, wanted = self._graph, self._wanted
        outside: set[bytes] = set()
        for name in wanted.beyond:
            if (id_ := _resolve(graph, name)) is None:
                raise BadRequest(f"this room has no ref {name[:100]}")
            outside |= graph.had([id_], ())
        if wanted.since is not None:
            times = await self._packer.times(graph.commits)
            outside |= {id_ for id_, at in times.items() if at < wanted.since}
        return graph.had([id_ for id_ in wanted.wants if id_ not in outside], outside) - outside

    async def answer(self) -> AsyncIterator[bytes]:
        """Yield the answer to `fetch` in protocol 2."""
        await self.bind()
        if not self._wanted.done:
            yield packet("acknowledgments")
            if not self._common:
                yield packet("NAK") + FLUSH
                return
            for id_ in self._common:
                yield packet(f"ACK {id_.hex()}")
            yield packet("ready") + DELIMITER
        if self._bound and (told := b"".join(self._ends())):
            yield packet("shallow-info") + told + DELIMITER
        yield packet("packfile")
        async for piece in self._banded():
            yield piece

    async def answer_v0(self) -> AsyncIterator[bytes]:
        """Yield the answer in protocol 0."""
        await self.bind()
        wanted, common = self._wanted, self._common
        if self._bound and (wanted.depth or wanted.since is not None or wanted.beyond):
            yield b"".join(self._ends()) + FLUSH
        if not wanted.done and not wanted.ended:
            return
        detailed = b"multi_ack_detailed" in wanted.can
        last = common[-1].hex() if common else ""
        if detailed:
            for id_ in common:
                yield packet(f"ACK {id_.hex()} common")
        if not wanted.done:
            if common and detailed:
                yield packet(f"ACK {last} ready")
            elif common:
                yield packet(f"ACK {last}")
                return
            if not (common and b"no-done" in wanted.can):
                yield packet("NAK")
                return
        yield packet(f"ACK {last}") if common else packet("NAK")
        pieces = self._banded() if b"side-band-64k" in wanted.can else self._pack()
        async for piece in pieces:
            yield piece

    def _ends(self) -> Iterator[bytes]:
        assert self._bound
        for word, ids in (("shallow", self._bound.shallow), ("unshallow", self._bound.unshallow)):
            for id_ in sorted(ids):
                yield packet(f"{word} {id_.hex()}")

    def _pack(self) -> AsyncIterator[bytes]:
        graph, wanted = self._graph, self._wanted
        if self._bound:
            had = graph.had(self._common, wanted.shallow)
            return self._packer.of(graph, self._bound.commits, had)
        known = graph.newest_main(self._common)
        # Only a client that says "thin-pack" gets deltas on objects that are not in the pack.
        after = known.number if known and b"thin-pack" in wanted.can else 0
        wants = [graph.commits[id_] for id_ in wanted.wants]
        beside = [one for one in wants if not one.number]
        ends = [one.number for one in wants]
        ends += [graph.commits[id_].number for one in beside for id_ in one.parents]
        return self._packer.between(after, max(ends), beside)

    async def _banded(self) -> AsyncIterator[bytes]:
        waiting = bytearray()
        async for piece in self._pack():
            waiting += piece
            if len(waiting) >= BAND:
                whole = len(waiting) // BAND * BAND
                yield b"".join(banded(DATA, bytes(waiting[:whole])))
                del waiting[:whole]
        yield b"".join(banded(DATA, bytes(waiting))) + FLUSH


def _read(wanted: Wanted, line: bytes) -> None:
    """Read a line. Raises BadRequest."""
    word, _, value = line.partition(b" ")
    match word:
        case b"want" | b"have" | b"shallow":
            if (id_ := parse_id(value)) is None:
                raise BadRequest("an id of a wrong form")
            named = {b"want": wanted.wants, b"have": wanted.haves, b"shallow": wanted.shallow}
            named[word].append(id_)
            if sum(map(len, named.values())) > _MOST_IDS:
                raise BadRequest("too many ids in one request")
        case b"deepen":
            if not value.isdigit() or len(value) > 10 or not int(value):
                raise BadRequest("deepen takes a number")
            wanted.depth = min(int(value), INFINITE)
        case b"deepen-since":
            if not value.isdigit() or len(value) > 15:
                raise BadRequest("deepen-since takes a time")
            wanted.since = int(value)
        case b"deepen-not":
            if len(wanted.beyond) >= _MOST_REFS:
                raise BadRequest("too many refs in one request")
            wanted.beyond.append(value.decode(errors="replace"))
        case b"deepen-relative":
            wanted.relative = True
        case b"done":
            wanted.done = True
        case b"thin-pack" | b"no-progress" | b"include-tag" | b"ofs-delta":
            wanted.can.add(word)
        case _:
            raise BadRequest(f"{word.decode(errors='replace')[:40]} is not understood here")


def _resolve(graph: Graph, name: str) -> bytes | None:
    """Return the commit of a ref, also one that is named without its folder."""
    if graph.tip is None:
        return None
    refs = {ref.decode(): id_ for ref, id_ in _refs(graph, graph.tip)}
    names = (name, f"refs/{name}", f"refs/tags/{name}", f"refs/heads/{name}")
    return next((refs[one] for one in names if one in refs), None)


def _lines(body: bytes) -> Iterator[bytes | None]:
    try:
        yield from lines(body)
    except BadPackets as error:
        raise BadRequest(str(error)) from error
