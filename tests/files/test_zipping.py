"""Zips that are made piece by piece."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest

from collab.files.zipping import Zipper

NOON = datetime(2026, 1, 2, 12, 0, 2, tzinfo=UTC)
FILES = {"src/🦦.py": "x = '🦦'\n" * 1000, "main.py": "", "a": "b"}


def zipped(when: datetime = NOON, *, at_once: bool = False) -> bytes:
    zipper = Zipper(when)
    out = b""
    for path, text in FILES.items():
        zipper.add_text(path, text)
        out += b"" if at_once else zipper.take()
    zipper.end()
    return out + zipper.take()


def test_pieces_make_the_same_zip_as_the_whole() -> None:
    assert zipped() == zipped(at_once=True)


def test_every_entry_tells_its_size_before_its_bytes() -> None:
    with ZipFile(BytesIO(zipped())) as archive:
        assert archive.testzip() is None
        assert {
            entry.filename: archive.read(entry).decode() for entry in archive.infolist()
        } == FILES
        assert [entry.flag_bits & 8 for entry in archive.infolist()] == [0, 0, 0]


@pytest.mark.parametrize(
    ("when", "told"),
    [(NOON, (2026, 1, 2, 12, 0, 2)), (datetime(1970, 1, 1, tzinfo=UTC), (1980, 1, 1, 0, 0, 0))],
)
def test_a_time_that_no_zip_can_tell_is_the_earliest_one(
    when: datetime, told: tuple[int, ...]
) -> None:
    with ZipFile(BytesIO(zipped(when))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {told}
