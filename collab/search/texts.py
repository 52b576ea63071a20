"""The texts of a room at a revision, to be searched."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from collab.live.host import Host
from collab.live.programs import Reader
from collab.room.state import State
from collab.room.tree import ROOT


class RoomTexts(Struct, frozen=True):
    """The living texts of a room: the id, path and text of each, by path. `assets` are paths."""

    revision: int
    ids: list[str]
    paths: list[str]
    texts: list[str]
    assets: list[str]

    async def text(self, index: int) -> str:
        return self.texts[index]


async def texts_at(host: Host, reader: Reader, revision: int | None) -> RoomTexts:
    """Return the texts committed at a revision, or at the head.

    Texts that nobody has edited lately are strings that the room has already, so this holds up a
    large room for some milliseconds alone. Raises NotFoundException and LogUnavailable.
    """
    await host.catch_up()
    if revision in {None, host.room.revision}:
        async with host.holding() as state:
            if revision in {None, state.revision}:
                return _texts_of(state)
    return _texts_of(await reader.room(str(host.room_id), revision))


def _texts_of(state: State) -> RoomTexts:
    ids, paths, assets = [], [], []
    for node, path in _living(state):
        if node in state.files:
            ids.append(node)
            paths.append(path)
        else:
            assets.append(path)
    texts = [str(state.files[node].text) for node in ids]
    return RoomTexts(state.revision, ids, paths, texts, assets)


def _living(state: State) -> Iterator[tuple[str, str]]:
    """The living texts and assets with their paths; what is in a folder comes in order of name."""
    waiting = [(ROOT, "")]
    while waiting:
        node, path = waiting.pop()
        if node != ROOT and not state.tree[node].is_folder:
            yield node, path
            continue
        before = path + "/" if path else ""
        below = [(child, before + state.tree[child].name) for child in state.tree.children(node)]
        waiting += sorted(below, key=lambda child: child[1], reverse=True)
