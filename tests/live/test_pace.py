"""The pace at which a peer may go on, on a clock that the test turns."""

from __future__ import annotations

import pytest

from collab.errors import PeerError
from collab.live.addresses import Account
from collab.live.bucket import Bucket
from collab.live.limits import ServerLimits
from collab.live.pace import Pace

START = 1000.0


def paced(limits: ServerLimits) -> Pace:
    return Pace(limits, Account(limits, START), START)


def test_a_bucket_gives_what_it_holds_and_then_what_flows_in() -> None:
    bucket = Bucket(rate=10, size=20, now=START)
    assert bucket.take(20, START) == 0
    assert bucket.take(5, START) == pytest.approx(0.5)
    assert bucket.wait(0, START + 0.5) == pytest.approx(0)
    assert bucket.wait(10, START + 0.5) == pytest.approx(1)
    assert bucket.take(10, START + 1.5) == pytest.approx(0)


def test_a_bucket_holds_no_more_than_its_size() -> None:
    bucket = Bucket(rate=10, size=20, now=START)
    bucket.take(20, START)
    assert not bucket.is_full(START + 1.9)
    assert bucket.is_full(START + 2)
    assert bucket.take(21, START + 1000) == pytest.approx(0.1)


def test_more_than_the_size_is_a_debt_that_is_paid_in_time() -> None:
    bucket = Bucket(rate=10, size=20, now=START)
    assert bucket.take(120, START) == pytest.approx(10)
    assert bucket.wait(0, START + 4) == pytest.approx(6)


def test_a_rate_of_zero_is_no_limit() -> None:
    bucket = Bucket(rate=0, size=0, now=START)
    assert bucket.take(10**9, START) == 0
    pace = paced(ServerLimits(operations=0, bytes=0))
    assert {pace.count(1, 10**9, START) for _ in range(1000)} == {0.0}


def test_messages_and_bytes_are_both_kept_in_pace() -> None:
    pace = paced(ServerLimits(operations=10, bytes=100))
    assert [pace.count(1, 1, START) for _ in range(20)] == [0.0] * 20
    assert pace.count(1, 1, START) == pytest.approx(0.1)
    pace = paced(ServerLimits(operations=10, bytes=100))
    assert pace.count(1, 200, START) == 0
    assert pace.count(1, 50, START) == pytest.approx(0.5)


def pressed(pace: Pace, seconds: float, *, silent: bool = False) -> None:
    """A peer that always has a next message when the pause is over, unless it is `silent`."""
    now = START
    while now < START + seconds:
        now += pace.count(1, 1, now)
        if silent:
            pace.fell_silent()


def test_who_goes_on_too_fast_for_long_is_sent_away_in_words_that_name_the_limits() -> None:
    limits = ServerLimits(operations=10, bytes=100, patience=60)
    pressed(paced(limits), 59)
    with pytest.raises(PeerError) as told:
        pressed(paced(limits), 63)
    assert (told.value.code, told.value.close) == ("too_fast", 4429)
    assert "10 messages and 100 bytes a second" in told.value.message
    assert len(told.value.message.encode()) <= 123, "longer than the reason of a close can be"


def test_who_waits_for_answers_is_slowed_for_ever_and_never_sent_away() -> None:
    pressed(paced(ServerLimits(operations=10, patience=1)), 600, silent=True)


def test_one_thing_that_costs_much_is_waited_for_and_not_held_against_who_asked() -> None:
    pace = paced(ServerLimits(operations=10, bytes=0, patience=1))
    assert pace.count(1020, 0, START) == pytest.approx(100)
    # It has said more meanwhile, and goes on as fast as it may.
    now = START + 100
    for _ in range(5):
        now += pace.count(1, 0, now)
    # With the same again and again it is another matter.
    now += pace.count(1020, 0, now)
    with pytest.raises(PeerError):
        pace.count(1020, 0, now)


def test_a_burst_long_ago_is_not_held_against_who_comes_with_another() -> None:
    pace, now = paced(ServerLimits(bytes=0, patience=60)), START
    for _ in range(2):
        # The last ones need no pause, so nobody looks whether the peer has more to say.
        assert {pace.count(1, 1, now) for _ in range(2000)} == {0.0}
        assert pace.count(1, 1, now) == pytest.approx(0.1)
        assert pace.count(1, 1, now + 0.1) == 0.0
        now += 3600


def test_the_defaults_admit_honest_crowds() -> None:
    limits = ServerLimits()
    assert limits.operations >= 10 * 60
    assert limits.bytes >= 2 * 60 * 4096  # an edit is less than a hundred bytes
    # A largest message needs no pause.
    assert 2 * limits.bytes >= limits.largest_message
    assert limits.sessions >= 600
    assert limits.sockets_per_address >= 1000
    assert limits.rooms_per_address >= 300
    assert limits.rooms >= 1000
