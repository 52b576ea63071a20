"""Takes a push: checks what was sent, merges it into the live room, and pins what came of it.

A push is the difference from the last commit of the room that it descends from, made on the
revision of that commit. So it is merged with what people have typed since like any change that
comes late, and nothing is lost on either side. What was pushed becomes a parent of the commit that
follows, or that commit itself where nobody else has changed anything.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from collab.errors import ChangeRefused
from collab.git.committing import Made
from collab.git.fetching import BRANCH, BadRequest
from collab.git.graph import CommitRow, Graph
from collab.git.objects import (
    BLOB,
    COMMIT,
    TREE,
    BadObject,
    CommitObject,
    decode_commit,
    decode_tree,
    parse_id,
)
from collab.git.packets import DATA, FLUSH, PROGRESS, BadPackets, banded, packet, read_packet
from collab.git.packs import PackLimits, read_pack
from collab.git.pushed import (
    Asset,
    BadPush,
    Content,
    Difference,
    Drafting,
    batches,
    check_entry,
)
from collab.git.repository import Repositories
from collab.live.asker import UNNAMED, Asker
from collab.live.host import Host
from collab.live.programs import Reader, submit
from collab.protocol import check_name
from collab.room.log import Log
from collab.room.plain import read_text
from collab.room.session import client_id
from collab.room.state import State

_NO_ID = bytes(20)
_MOST_COMMANDS = 100
MOST_NAME = 40
_MOST_REF = 1000


class Command(Struct, frozen=True):
    """The change of a ref that a push asks for: from `old` to `new`."""

    old: bytes
    new: bytes
    ref: bytes


class Asked(Struct, frozen=True):
    """A push as it was sent."""

    commands: list[Command]
    can: frozenset[bytes]
    pack: bytes


def read_push(body: bytes) -> Asked:
    """Read the request of a push. Raises BadRequest."""
    commands: list[Command] = []
    can: frozenset[bytes] = frozenset()
    at = 0
    while at < len(body):
        try:
            line, at = read_packet(body, at)
        except BadPackets as error:
            raise BadRequest(str(error)) from error
        if line is None:
            break
        line, _, told = line.partition(b"\0")
        if line.startswith(b"shallow "):
            continue
        parts = line.rstrip(b"\n").split(b" ", 2)
        old, new = (parse_id(one) for one in parts[:2]) if len(parts) == 3 else (None, None)
        if old is None or new is None or len(commands) >= _MOST_COMMANDS:
            raise BadRequest("a command of a wrong form")
        commands.append(Command(old, new, parts[2]))
        can |= frozenset(told.split())
    return Asked(commands, can, body[at:])


def why_refused(command: Command) -> str | None:
    """Say why a command is refused whatever the pack has; None where it may be tried."""
    if command.ref != BRANCH:
        return "only main can be pushed to a room"
    if command.new == _NO_ID:
        return "main cannot be deleted"
    if command.old == _NO_ID:
        return "fetch first"
    return None


class Push:
    """One push to the branch `main` of a room."""

    def __init__(
        self, repositories: Repositories, log: Log, host: Host, reader: Reader, graph: Graph
    ) -> None:
        self._repositories = repositories
        self._store = repositories.store
        self._log = log
        self._host = host
        self._reader = reader
        self._graph = graph
        self._objects: dict[bytes, tuple[int, bytes]] = {}
        self._commits: dict[bytes, CommitObject] = {}
        self._needed: dict[bytes, None] = {}

    @property
    def _room_id(self) -> UUID:
        return self._host.room_id

    async def run(self, command: Command, pack: bytes, limits: PackLimits) -> CommitRow:
        """Merge a push. Returns the commit that `main` is at then.

        Raises BadPack for the pack, BadPush, and what `Host.visit` does.
        """
        if pack:
            self._objects = await asyncio.to_thread(read_pack, pack, limits)
        try:
            base = await asyncio.to_thread(self._find_base, command)
            if command.new in self._graph.commits:
                tip = self._graph.tip
                assert tip
                return tip
            await self._check_objects()
            await self._merge(command.new, base)
        except BadObject as error:
            raise BadPush(str(error)) from error
        objects = await asyncio.to_thread(self._packed)
        await self._store.pin_pushed(self._room_id, command.new, base.id, objects)
        self._reader.charge(sum(len(made.data) for made in objects))
        graph = await self._repositories.brought_up(self._room_id)
        assert graph.tip
        return graph.tip

    # The commits of the push

    def _find_base(self, command: Command) -> CommitRow:
        """Return the last commit of `main` that the push descends from."""
        if command.old not in self._graph.commits:
            raise BadPush("fetch first")
        reached: set[bytes] = set()
        waiting = [command.new]
        while waiting:
            if (id_ := waiting.pop()) in self._commits or id_ in reached:
                continue
            if id_ in self._graph.commits:
                reached.add(id_)
                continue
            kind, data = self._objects.get(id_, (0, b""))
            if kind != COMMIT:
                raise BadPush(f"the commit {id_.hex()} is missing")
            self._commits[id_] = decode_commit(data)
            waiting += self._commits[id_].parents
        had = self._graph.had(reached, ())
        base = self._graph.newest_main(had)
        if base is None or command.old not in had:
            raise BadPush("non-fast-forward")
        return base

    async def _check_objects(self) -> None:
        """Raise BadPush where an object is missing or is something that a room cannot have."""
        missing = await asyncio.to_thread(self._find_needed)
        kinds = await self._store.kinds(self._room_id, missing)
        for id_, kind in missing.items():
            if kinds.get(id_) != kind:
                raise BadPush(f"the object {id_.hex()} is missing")

    def _find_needed(self) -> dict[bytes, int]:
        """Find the objects that the commits need. Returns the kinds of those that were not sent."""
        limits = self._host.room.limits
        missing: dict[bytes, int] = {}
        waiting = [("", commit.tree) for commit in self._commits.values()]
        self._needed = dict.fromkeys(self._commits)
        while waiting:
            prefix, id_ = waiting.pop()
            if id_ in self._needed:
                continue
            if (data := self._sent(id_, TREE)) is None:
                missing[id_] = TREE
                continue
            self._needed[id_] = None
            entries = decode_tree(data)
            if len(entries) > (most := limits.files):
                raise BadPush(f"a folder has more than {most} files, the limit of a room")
            for entry in entries:
                path = check_entry(prefix, entry)
                if len(path) > (most := limits.path):
                    raise BadPush(f"{path[:100]}…: a path has at most {most} bytes")
                if entry.is_folder:
                    waiting.append((f"{path}/", entry.id))
                elif self._sent(entry.id, BLOB) is not None:
                    self._needed[entry.id] = None
                else:
                    missing[entry.id] = BLOB
        return missing

    def _sent(self, id_: bytes, kind: int) -> bytes | None:
        found = self._objects.get(id_)
        if found and found[0] != kind:
            raise BadPush(f"the object {id_.hex()} is of another kind")
        return found[1] if found else None

    def _packed(self) -> list[Made]:
        found = ((id_, *self._objects[id_]) for id_ in self._needed)
        return [Made(id_, kind, len(data), zlib.compress(data)) for id_, kind, data in found]

    # The edits that it makes

    async def _merge(self, commit: bytes, base: CommitRow) -> None:
        """Commit the changes of a push to the room, each batch once however often it is sent."""
        assert base.revision is not None
        difference = await self._compare(base.tree, self._commits[commit].tree)
        moved = difference.moves()
        state = await self._reader.room(str(self._room_id), base.revision, whole=False)
        before, after = await self._contents(difference, state)
        drafting = Drafting(state, commit, self._host.room.limits)
        parts = await asyncio.to_thread(drafting.draft, difference, moved, before, after)
        self._reader.asker = self._asker(commit)
        for number, batch in enumerate(batches(parts)):
            key = f"git {commit.hex()} {number}"
            client = client_id(self._host.secret, key)
            if await self._log.last_seq(self._room_id, client):
                continue
            try:
                await submit(
                    self._host,
                    self._reader,
                    base.revision,
                    batch,
                    lambda _state: None,
                    cause="git",
                    key=key,
                )
            except ChangeRefused as error:
                if error.refusal.code != "in_log":
                    raise

    def _asker(self, commit: bytes) -> Asker:
        """Name who has pushed as the commit does, where nobody knows better."""
        if self._reader.asker.name != UNNAMED:
            return self._reader.asker
        name = self._commits[commit].author[:MOST_NAME].strip()
        try:
            check_name(name)
        except ValueError:
            name = "Git"
        return Asker(name, self._reader.asker.person)

    async def _compare(self, before: bytes, after: bytes) -> Difference:
        """Compare two trees. What is the same in both is not looked at."""
        limits = self._host.room.limits
        difference = Difference({}, {}, {})
        waiting: list[tuple[str, bytes | None, bytes | None]] = [("", before, after)]
        seen = 0
        while waiting:
            prefix, old_tree, new_tree = waiting.pop()
            old, new = await self._rows(old_tree), await self._rows(new_tree)
            seen += len(new)
            if seen > limits.files or prefix.count("/") > limits.depth:
                raise BadPush(f"the push has more than {limits.files} files, or too deep folders")
            for name in old.keys() | new.keys():
                was, is_ = old.get(name), new.get(name)
                if was == is_:
                    continue
                path = prefix + name
                old_file, old_folder = _apart(was)
                new_file, new_folder = _apart(is_)
                if old_folder or new_folder:
                    waiting.append((f"{path}/", old_folder, new_folder))
                if old_file and new_file:
                    difference.changed[path] = (old_file, new_file)
                elif old_file:
                    difference.removed[path] = old_file
                elif new_file:
                    difference.added[path] = new_file
        return difference

    async def _rows(self, tree: bytes | None) -> dict[str, tuple[bool, bytes]]:
        """Return what a tree has: whether it is a folder, and the id. The modes of files do not
        matter to a room."""
        if tree is None:
            return {}
        if (data := self._sent(tree, TREE)) is None:
            data = (await self._store.contents(self._room_id, [tree]))[tree]
        return {one.name.decode(): (one.is_folder, one.id) for one in decode_tree(data)}

    async def _contents(
        self, difference: Difference, state: State
    ) -> tuple[dict[str, str], dict[str, Content]]:
        """Return the texts that are changed, and what files come to be, by path."""
        before: dict[str, str] = {}
        after: dict[str, Content] = {}
        for path, (old, new) in difference.changed.items():
            if state.tree.find(path) in state.files:
                [data] = (await self._store.contents(self._room_id, [old])).values()
                before[path] = data.decode()
            after[path] = await self._content(path, new)
        for path, id_ in difference.added.items():
            after[path] = await self._content(path, id_)
        return before, after

    async def _content(self, path: str, id_: bytes) -> Content:
        data = self._sent(id_, BLOB)
        if data is None:
            made = (await self._store.load(self._room_id, [id_]))[id_]
            if made.asset:
                return Asset(made.asset, made.length)
            [data] = (await self._store.contents(self._room_id, [id_])).values()
        limits = self._host.room.limits
        text = await asyncio.to_thread(read_text, data)
        if text is not None and len(text) <= limits.text:
            return text
        if len(data) > limits.asset:
            raise BadPush(f"{path} has more than {limits.asset} bytes, the limit of a file")
        hash_, new = await self._repositories.blobs.write(self._room_id, data)
        if new:
            self._reader.charge(len(data))
        return Asset(hash_, len(data))


def _apart(row: tuple[bool, bytes] | None) -> tuple[bytes | None, bytes | None]:
    """Return the id of a file, and that of a folder; one of them is None, or both."""
    if row is None:
        return None, None
    is_folder, id_ = row
    return (None, id_) if is_folder else (id_, None)


def report(unpacked: str | None, outcomes: Mapping[Command, str | None]) -> bytes:
    """Encode what became of a push: why its pack was refused, or None, and the same for each
    command."""
    told = packet(f"unpack {unpacked or 'ok'}")
    for command, words in outcomes.items():
        ref = command.ref.decode(errors="replace")[:_MOST_REF]
        told += packet(f"ng {ref} {words}" if words else f"ok {ref}")
    return told + FLUSH


def report_with(can: frozenset[bytes], told: bytes, remark: str) -> bytes:
    """Wrap a report as the client can read it. The remark is shown to its user."""
    if b"side-band-64k" not in can:
        return told
    remarks = banded(PROGRESS, remark.encode() + b"\n") if remark else ()
    return b"".join([*remarks, *banded(DATA, told), FLUSH])
