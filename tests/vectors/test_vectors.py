"""The vectors are what the Python engine does today; the front end runs the same file."""

from __future__ import annotations

from tests.vectors.generate import VECTORS, render


def test_the_file_of_vectors_is_what_the_engine_generates() -> None:
    assert VECTORS.read_text(encoding="utf-8") == render(), (
        "run `python -m tests.vectors.generate` and read the difference"
    )
