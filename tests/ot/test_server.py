"""A server carries the edits of each client as a branch of the client's own would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Branch, Operation, OperationError, Server
from tests.ot.test_branch import edits_on


@settings(max_examples=200)
@given(st.data())
def test_it_gives_what_a_branch_for_each_client_gives(data: st.DataObject) -> None:
    server = Server(3)
    clients = [server.join() for _ in range(3)]
    branches = [Branch(3) for _ in clients]
    unseen: list[list[int]] = [[] for _ in clients]
    seen = [0 for _ in clients]
    for revision in range(data.draw(st.integers(0, 12))):
        author = data.draw(st.sampled_from(clients))
        seen[author] = data.draw(st.integers(seen[author], revision))
        heard = sum(1 for entry in unseen[author] if entry < seen[author])
        branches[author].merge(heard)
        del unseen[author][:heard]
        with pytest.raises(OperationError):
            server.submit(author, Operation([99]), seen[author])
        own = data.draw(edits_on(branches[author].length))
        edit = own.as_patch() or own
        carried = branches[author].rebase(edit)
        assert server.submit(author, edit, seen[author]) == carried
        for other in clients:
            if other != author:
                branches[other].append(carried)
                unseen[other].append(revision)
    newcomer = server.join()
    last = branches[0].rebase((0, 0, "!"), len(branches[0].unseen))
    assert last == server.submit(newcomer, (0, 0, "!"), server.revision)


def test_a_refused_edit_changes_nothing() -> None:
    server = Server(0)
    ana, bo = server.join(), server.join()
    server.submit(ana, (0, 0, "abc"), 0)
    for client, edit, seen in (
        (bo, (4, 0, "x"), 1),
        (bo, (0, 0, "x"), 2),
        (bo, (0, 0, "x"), -1),
        (7, (0, 0, "x"), 1),
    ):
        with pytest.raises(OperationError):
            server.submit(client, edit, seen)
    assert server.revision == 1
    assert server.submit(bo, (0, 0, "x"), 0) == (0, 0, "x")
    server.leave(bo)
    with pytest.raises(OperationError, match="there is no client 1"):
        server.submit(bo, (0, 0, "x"), 2)
