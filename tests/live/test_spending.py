"""Writers pay for the bytes that they add to a log, on a clock that the test turns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collab.live.addresses import Account
from collab.live.limits import ServerLimits
from collab.live.spending import Spending
from collab.protocol import Edit
from collab.room.state import Entry
from ot import Operation

NOW = 5.0
HOUR = 3600
WHEN = datetime.now(UTC)


def written(client: str, size: int) -> list[Entry]:
    return [Entry(2, client, 1, "", WHEN, Edit("main", Operation.decode(["x" * size])))]


def test_who_writes_within_the_budget_does_not_pause() -> None:
    limits = ServerLimits()
    spending = Spending(limits, NOW)
    spending.join("ann", Account(limits, NOW))
    for key in range(1000):
        spending.commit(written("ann", 1), NOW + key / 60)
        assert spending.pause("ann", NOW + key / 60) == 0


def test_in_a_room_everybody_pays_for_their_own_bytes() -> None:
    limits = ServerLimits(log_bytes_per_room=1000 * HOUR, log_bytes_per_address=0)
    spending = Spending(limits, NOW)
    for name in ("ann", "flood"):
        spending.join(name, Account(limits, NOW))
    spending.commit(written("flood", 2_000_000), NOW)
    spending.commit(written("ann", 1), NOW)
    assert spending.pause("ann", NOW) < 0.1
    assert spending.pause("flood", NOW) > 1000
    # Once is enough.
    assert spending.pause("flood", NOW) == 0


def test_an_address_pays_for_all_its_rooms_and_for_who_has_left() -> None:
    limits = ServerLimits(log_bytes_per_room=0, log_bytes_per_address=1000 * HOUR)
    account = Account(limits, NOW)
    for name in ("one", "two"):
        room = Spending(limits, NOW)
        room.join(name, account)
        room.leave(name, waits=True)
        room.commit(written(name, 1_000_000), NOW)
    room = Spending(limits, NOW)
    room.join("three", account)
    room.commit(written("three", 1), NOW)
    assert room.pause("three", NOW) == pytest.approx(1100, rel=0.01)


def test_zero_is_no_limit() -> None:
    limits = ServerLimits(log_bytes_per_room=0, log_bytes_per_address=0)
    spending = Spending(limits, NOW)
    spending.join("ann", Account(limits, NOW))
    spending.commit(written("ann", 10**7), NOW)
    assert spending.pause("ann", NOW) == 0
