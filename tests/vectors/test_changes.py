"""The vectors are what the server's table of kinds does today; the page runs the same file."""

from __future__ import annotations

from typing import get_args

from collab.protocol import Change, ClientChange, KnownLanguage
from collab.room.kinds import KINDS
from collab.room.languages import LANGUAGES
from tests.vectors.changes import VECTORS, render


def test_the_file_of_vectors_is_what_the_table_of_kinds_gives() -> None:
    assert VECTORS.read_text(encoding="utf-8") == render(), (
        "run `python -m tests.vectors.changes` and read the difference"
    )


def test_the_unions_of_the_protocol_and_the_table_of_kinds_are_one_set() -> None:
    assert set(get_args(Change)) == set(KINDS)
    assert set(get_args(ClientChange)) == {type_ for type_, k in KINDS.items() if k.submittable}
    assert all(kind.type is type_ for type_, kind in KINDS.items())


def test_clients_may_choose_the_languages_of_the_table() -> None:
    assert set(get_args(KnownLanguage)) == set(LANGUAGES)
