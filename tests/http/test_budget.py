"""The size of a first visit, read from the built page."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from msgspec import Struct, field, json

from collab.pages.files import STATIC

BUDGET = 170_000
"""Bytes of gzipped JavaScript."""


class Chunk(Struct, rename="camel"):
    """An entry for a file in Vite's manifest."""

    file: str
    imports: list[str] = field(default_factory=list)
    dynamic_imports: list[str] = field(default_factory=list)


MANIFEST = json.decode((STATIC / ".vite/manifest.json").read_bytes(), type=dict[str, Chunk])
LANDING = ["index.html"]
ROOM = [*LANDING, "src/frame/Room.tsx"]


def loaded(names: Iterable[str]) -> set[str]:
    """The chunks that come with these."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += MANIFEST[name].imports
    return found


def size(names: Iterable[str]) -> int:
    files = [STATIC / MANIFEST[name].file for name in names]
    packed = [one.with_name(f"{one.name}.gz") for one in files]
    # The smallest are not worth compressing.
    return sum(
        (gz if gz.exists() else one).stat().st_size for one, gz in zip(files, packed, strict=True)
    )


def scripts_of_the_page() -> int:
    """Return the number of scripts that the page names itself, beside its program."""
    names = re.findall(r'src="/([\w.-]+\.js)"', (STATIC / "index.html").read_text("utf-8"))
    return sum((STATIC / f"{name}.gz").stat().st_size for name in names)


@pytest.mark.parametrize("entry", [LANDING, ROOM], ids=["landing", "room"])
def test_a_first_visit_stays_within_its_budget(entry: list[str]) -> None:
    total = size(loaded(entry)) + scripts_of_the_page()
    assert 5_000 < total <= BUDGET


def test_the_landing_page_does_without_the_editor() -> None:
    assert size(loaded(LANDING)) < size(loaded(ROOM)) / 4


@pytest.mark.parametrize(
    "part",
    [
        *("lang-python", "lang-rust", "grammars", "vim", "emacs", "editor/format"),
        *("editor/more", "later"),
    ],
)
def test_what_the_first_letter_does_without_comes_when_it_is_wanted(part: str) -> None:
    lazy = {name for name in MANIFEST if part in name}
    assert lazy, f"{part} is not in the page at all"
    assert not lazy & loaded(ROOM)


def test_the_chat_and_the_comments_come_later_and_are_small() -> None:
    entries = {name for name in MANIFEST if name.startswith(("src/", "index.html"))}
    talk = {name for name in entries if name.startswith("src/talk/")}
    assert {"src/talk/ChatPane.tsx", "src/talk/CommentsPane.tsx"} <= talk - loaded(ROOM)
    assert size(loaded(talk) - loaded(entries - talk)) <= 25_000


def test_a_chunk_that_is_not_loaded_at_once_is_loaded_by_one_that_is_known() -> None:
    wanted = {name for chunk in MANIFEST.values() for name in chunk.dynamic_imports}
    assert wanted <= set(MANIFEST)


def test_a_room_needs_no_more_files_than_a_browser_asks_for_at_once() -> None:
    # Two of the six are the style sheet and first.js. A seventh costs a round trip.
    assert len(loaded(ROOM)) + 2 <= 6
