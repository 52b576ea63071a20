"""Names that are what they look like; the page's tests run the same cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collab.protocol import check_name, client_decoder

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
        {"type": "submit", "seq": 1, "revision": 1, "change": ["name", "A\u202enn"]},
    ],
)
def test_people_and_rooms_keep_one_rule(message: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not seen, U\\+202E"):
        client_decoder.decode(json.dumps(message))
