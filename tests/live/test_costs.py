"""What messages cost beside their own bytes, and what is made of those that cannot be decoded."""

from __future__ import annotations

import pytest

from collab.live.shape import TooManyParts
from collab.live.socket import _malformed, _more
from collab.protocol import CodeUpdate, Submit
from tests.room.acting import a_room, edit, plain


def test_a_whole_text_costs_its_length_once_more() -> None:
    assert _more(CodeUpdate("x" * 5000), a_room()) == (0, 5000)


def test_a_change_costs_more_the_more_plain_clients_are_told_of_it() -> None:
    room = a_room()
    assert _more(Submit(1, 1, edit("x")), room) == (0, 0)
    for number in range(8):
        plain(room, f"pat{number}")
    assert _more(Submit(1, 1, edit("x")), room) == (2, 0)
    assert _more(CodeUpdate(""), room) == (2, 0)


@pytest.mark.parametrize(
    ("beginning", "seq", "code"),
    [
        ('{"type": "submit", "seq": 7, ', 7, "invalid_operation"),
        (' {"type":"submit","seq":7,', 7, "invalid_operation"),
        ('{"seq": 7, "type": "submit", ', None, "malformed"),
        ('{"type": "read", "seq": 7, ', None, "malformed"),
    ],
)
def test_of_a_large_message_only_the_beginning_is_looked_at(
    beginning: str, seq: int | None, code: str
) -> None:
    # What follows is no JSON, which nobody finds out.
    error = _malformed(beginning + "[" * 1_000_000, TooManyParts("It has too many parts"))
    assert (error.seq, error.code) == (seq, code)
    assert error.message == "Malformed message: It has too many parts"
