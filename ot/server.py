"""The server's side for many clients that edit on without waiting for the log.

The clients share one log. Each has a `Branch`, which is told of the entries of others when the
client submits. So a client that says nothing costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left

from ot.branch import Branch, Edit, growth
from ot.errors import OperationError, check_count


class Server:
    """The log of one text, and where each of its clients stands.

    The text has `length` code points before the first entry. Raises OperationError if that is no
    length.
    """

    def __init__(self, length: int) -> None:
        check_count(length, "the length of the text")
        self._length = length
        self._log: list[Edit] = []
        self._authors: list[int] = []
        self._clients: dict[int, _Client] = {}
        self._joined = 0

    @property
    def revision(self) -> int:
        """The number of entries in the log."""
        return len(self._log)

    def join(self) -> int:
        """Add a client that shows the text of the newest revision. Returns its number."""
        client = self._joined
        self._joined += 1
        self._clients[client] = _Client(self._length, self.revision)
        return client

    def leave(self, client: int) -> None:
        """Forget a client. Raises OperationError if there is none of this number."""
        self._client(client)
        del self._clients[client]

    def submit(self, client: int, edit: Edit, seen: int) -> Edit:
        """Append a client's next edit, carried to the newest text. Returns it as it was appended.

        The client made the edit when it showed its own edits and those of others up to revision
        `seen`. Raises OperationError, and appends nothing, if there is no such client or edit, or
        if the client has seen more before.
        """
        state = self._client(client)
        log, authors, unseen = self._log, self._authors, state.unseen
        newest = len(log)
        if type(seen) is not int or not state.seen <= seen <= newest:
            raise OperationError(f"revision {seen!r:.40} is not in {state.seen} … {newest}")
        for revision in range(state.told, newest):
            if authors[revision] != client:
                state.branch.append(log[revision])
                unseen.append(revision)
        state.told = newest
        merged = bisect_left(unseen, seen)
        carried = state.branch.rebase(edit, merged)
        if merged:
            del unseen[:merged]
        state.seen = seen
        state.told = newest + 1
        log.append(carried)
        authors.append(client)
        self._length += growth(carried)
        return carried

    def _client(self, client: int) -> _Client:
        state = self._clients.get(client) if type(client) is int else None
        if state is None:
            raise OperationError(f"there is no client {client!r:.40}")
        return state


class _Client:
    """What the server knows of a client that joined at a revision."""

    def __init__(self, length: int, revision: int) -> None:
        self.branch = Branch(length)
        self.unseen: list[int] = []
        """The revisions of the unseen edits of the branch, less one."""
        self.seen = self.told = revision
        """The revisions up to which the client and its branch know of others."""
