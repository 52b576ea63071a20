"""The checks at the end of a world, when all faults are mended and nothing happens any more."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec.structs import replace

from collab.protocol import (
    Edit,
    File,
    PersonHere,
)
from collab.room.room import Room
from collab.room.session import Participant
from collab.room.state import Entry
from tests.simulation.connection import Connection
from tests.simulation.forger import FORGED
from tests.simulation.going import check_back
from tests.simulation.nodes import (
    Node,
    Nodes,
    after,
    check_placed,
    check_tree,
    fact_of,
    files_of,
    is_held,
    text_of,
    without_text,
)
from tests.simulation.peers import Peer
from tests.simulation.pending import origin_of
from tests.simulation.plain_peer import PlainPeer
from tests.simulation.process import Process
from tests.simulation.scene import ROOM, Scene


def check(world: Scene) -> None:
    """Check what the header of `world` lists."""
    entries = world.log.entries(ROOM)
    assert [entry.revision for entry in entries] == list(range(1, len(entries) + 1))
    assert world.log.duplicates == 0, "a change that is in the log was appended again"
    numbers = {(entry.client, entry.seq) for entry in entries}
    assert len(numbers) == len(entries), "a change is in the log twice"
    for peer in world.peers + world.left:
        for seq in peer.acknowledged:
            assert (peer.client, seq) in numbers, "an acknowledged change is not in the log"
        seqs = [entry.seq for entry in entries if entry.client == peer.client]
        assert seqs == sorted(seqs), "a client's changes are out of order"
        for entry in entries:
            if peer.client and entry.client == peer.client:
                said = (f"person-{peer.key}", origin_of(entry.seq))
                assert (entry.person, entry.origin) == said, "an entry is of somebody else"
    for peer in world.peers:
        assert not peer.pending, f"{peer.key} waits for ever"
    nodes: Nodes = {}
    for entry in entries:
        check_placed(nodes, entry.change)
        nodes = after(nodes, entry.change)
        longest = max(len(text_of(file)) for file in files_of(nodes))
        assert longest <= world.limits.text, "a text is longer than the limit"
        assert len(nodes) <= world.limits.files, "the room has more files than it may"
        if not isinstance(entry.change, Edit):
            check_tree(nodes, world.limits)
    for drafted, outcome in world.went_back:
        if isinstance(outcome, Entry):
            check_back(entries, drafted, outcome)
    files = {file.id: file for file in files_of(nodes)}
    facts: dict[str, Any] = {}
    for entry in entries:
        facts |= fact_of(entry.change)
    for process in world.processes:
        if process.room:
            process.read_texts()
            assert process.room.state.facts == facts, "a process has other facts of the room"
            state = process.room.state
            assert state.wire() == [*files.values()], "a process has another room"
            told: list[Node] = [*state.wire(), *state.wire_folders(), *state.wire_assets()]
            assert {node.id: node for node in told} == nodes, "a process has another tree"
            assert state.size == sum(len(text_of(file)) for file in files.values())
            last = entries[-1].created_at
            assert state.updated_at == last.timestamp() * 1000, "a process has another time"
            _check_elsewhere(world, process, process.room)
    for peer in world.peers:
        held = {
            id_: node if is_held(peer.committed[id_]) else without_text(node)
            for id_, node in nodes.items()
        }
        assert peer.committed == held, f"{peer.key} has read another room"
        assert peer.shown == held, f"{peer.key} shows another room"
        assert peer.facts == facts, f"{peer.key} shows other facts of the room"
    for plain in world.plain:
        assert plain.text == files["main"].text, "a plain client shows another text"
    for connection in world.connections:
        if not connection.gone:
            _check_people(connection)
    if world.typing:
        _check_characters(world, files)


def _check_people(connection: Connection) -> None:
    """Check that a session was told of the same people as a newcomer would be."""
    room, peer = connection.process.room, connection.peer
    assert room is not None
    if isinstance(peer, PlainPeer):
        assert peer.count == room.count, "a plain client counts others"
    elif isinstance(peer, Peer):
        everybody = [*room.people.sessions.values(), *room.people.elsewhere.values()]
        here = {one.client: one.here(room.people.at_head(one.caret)) for one in everybody}
        del here[peer.client]
        assert peer.people == here, f"{peer.key} sees other people"


def _check_elsewhere(world: Scene, process: Process, room: Room) -> None:
    """Check that a process knows the people of the other processes."""
    there = {
        (other.id, session.client): unnumbered(other.room, session)
        for other in world.processes
        if other is not process and other.room
        for session in other.room.people.sessions.values()
    }
    known = {
        (remote.process, remote.client): unnumbered(room, remote)
        for remote in room.people.elsewhere.values()
    }
    assert known == there, f"{process.name} has heard of other people elsewhere"
    assert room.people.sessions.keys().isdisjoint(room.people.elsewhere), "somebody is here twice"


def _check_characters(world: Scene, files: dict[str, File]) -> None:
    there = Counter("".join(text_of(file) for file in files.values()))
    del there[FORGED]
    assert set(there.values()) <= {1}, "a character is there twice"
    for peer in world.peers:
        assert there.keys() >= peer.typed, "a character is gone"


def unnumbered(room: Room, participant: Participant) -> PersonHere:
    """A participant as the protocol shows them at the head, without the number, which each
    process gives on its own."""
    return replace(participant.here(room.people.at_head(participant.caret)), number=0)
