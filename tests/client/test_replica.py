"""A replica applies the messages of a server. There is no server."""

from __future__ import annotations

from typing import Any

import pytest

from collab.client.replica import Replica
from ot import Operation, OperationError, checksum


def joined() -> Replica:
    """A replica that holds the file "main", with the text "one"."""
    replica = Replica("Ann", "ann")
    replica.hold("main")
    replica.join(0)
    welcome: dict[str, Any] = {"client": "a", "number": 1, "seq": 0, "revision": 7, "people": []}
    welcome |= {"limits": {}, "checksums": {"main": checksum("one")}}
    replica.take(
        {"type": "joined", **welcome, "files": [{"id": "main", "name": "m", "text": "one"}]}
    )
    return replica


def test_a_gap_in_the_revisions_is_not_read_over() -> None:
    replica = joined()
    for first in (7, 9):
        with pytest.raises(OperationError, match=f"revision {first} came after revision 7"):
            replica.take([first, [2, 1, "main", ["!", 3]]])
    replica.take([8, [2, 1, "main", ["!", 3]]])
    assert (replica.revision, replica.shown) == (8, {"main": "!one"})


def test_an_own_entry_with_another_number_is_somebody_elses() -> None:
    replica = joined()
    replica.edit("main", Operation(["x", 3]))
    (submit,) = replica.to_send()
    assert (submit["seq"], submit["revision"]) == (1, 7)
    replica.take([8, [1, 5, "main", [3, "!"]]])
    assert replica.is_waiting("main")
    replica.take([9, [1, 1, "main", ["x", 4]]])
    assert not replica.is_waiting("main")
    assert replica.shown == replica.committed == {"main": "xone!"}
