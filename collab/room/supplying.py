"""Loads texts into memory, for a state that has only their lengths.

The log keeps one text for each file, beside the latest snapshot. Another process may have saved a
snapshot since the state was read. Then the kept text may be newer than the one on which the edits
in this state are based. In that case the state's texts are computed anew, from the log up to the
state's revision.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from collab.errors import LogUnavailable
from collab.protocol import FileId
from collab.room.fold import fold
from collab.room.state import State
from collab.room.wishes import Open, Since, Texts, Work

_TRIES = 10
"""The most tries: other processes may replace a text while it is read."""


def supply(
    state: State,
    files: Collection[FileId] | None = None,
    catch_up: Callable[[], Work] | None = None,
) -> Work:
    """Load the texts of these files, or of all, into memory. The state may go forward meanwhile.

    `catch_up` is for a state that others use, too, and brings it to the log's head. Raises
    LogUnavailable.
    """
    for _ in range(_TRIES):
        if not (absent := state.absent(files)):
            return
        state.supply((yield Texts(absent)))
        if state.absent(files):
            if catch_up:
                yield from catch_up()
            yield from _read_anew(state)
    raise LogUnavailable("a text is missing")


def _read_anew(state: State) -> Work:
    """Fold the log up to the state's revision, and take the absent texts from there."""
    fresh = (yield Open()).state
    if fresh.revision > state.revision:
        fresh = State()  # the only snapshot is newer
    while fresh.revision < state.revision:
        for entry in (yield Since(fresh.revision)):
            if fresh.revision < state.revision:
                fold(fresh, entry)
    state.adopt(fresh)
