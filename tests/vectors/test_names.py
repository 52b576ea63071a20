"""Names that are what they look like; the page's tests run the same cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collab.protocol import Error, check_name, client_decoder
from tests.room.acting import a_room, joined, told

CASES = json.loads((Path(__file__).parent / "names.json").read_text("utf-8"))


@pytest.mark.parametrize(("name", "taken"), CASES)
def test_a_name_is_taken_when_all_of_it_is_seen(name: str, taken: bool) -> None:
    if taken:
        check_name(name)
    else:
        with pytest.raises(ValueError, match="The name has"):
            check_name(name)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "profile", "colour": 0, "name": "A\u202enn"},
        {
            "type": "join",
            "protocol": 2,
            "key": "k" * 16,
            "person": "p",
            "colour": 0,
            "name": "A\u202enn",
        },
    ],
)
def test_people_keep_this_rule(message: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not seen, U\\+202E"):
        client_decoder.decode(json.dumps(message))


def test_rooms_keep_the_same_rule() -> None:
    change = json.dumps(
        {"type": "submit", "seq": 1, "revision": 1, "change": ["name", "A\u202enn"]}
    )
    message = client_decoder.decode(change)
    room = a_room()
    ana = joined(room, "ana")
    room.receive(ana, message)
    (error,) = told(ana, Error)
    assert (error.code, error.seq) == ("malformed", 1)
    assert "not seen, U+202E" in error.message
    assert not room.queue
