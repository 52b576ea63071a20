"""Zips that are made piece by piece."""

from __future__ import annotations

import stat
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from unicodedata import normalize
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.files.found import Asset, Folder, Found, FoundLimits, Text
from collab.files.unzip import read_zip
from collab.files.zipping import Zipper
from collab.room.names import key_of, wrong_name
from collab.room.state import Limits

NOON = datetime(2026, 1, 2, 12, 0, 2, tzinfo=UTC)
LIMITS = FoundLimits(10_000, 10_000_000, Limits())


def zipped(files: list[Found], when: datetime = NOON, *, at_once: bool = False) -> bytes:
    zipper = Zipper(when)
    out = b""
    for file in files:
        match file:
            case Folder(path):
                zipper.add_folder(path)
            case Text(path, text):
                zipper.add_text(path, text)
            case Asset(path, data):
                zipper.add_asset(path, data)
        out += b"" if at_once else zipper.take()
    zipper.end()
    return out + zipper.take()


names = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
    .map(lambda name: normalize("NFC", name))
    .filter(lambda name: name != "." and not wrong_name(name, 255))
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
contents = st.one_of(texts, st.binary())


@st.composite
def trees(draw: st.DrawFn) -> list[Found]:
    """Files and folders, of which no two of one folder have the same name on some desktop."""
    found: list[Found] = []

    def grow(before: str, depth: int) -> None:
        for name in draw(st.lists(names, max_size=4, unique_by=key_of)):
            path = before + name
            if depth and draw(st.booleans()):
                found.append(Folder(path))
                grow(path + "/", depth - 1)
            else:
                content = draw(contents)
                found.append(
                    Text(path, content) if isinstance(content, str) else Asset(path, content)
                )

    grow("", 3)
    return found


@given(trees())
def test_what_is_zipped_and_read_again_is_the_same(files: list[Found]) -> None:
    assert list(read_zip(BytesIO(zipped(files)), LIMITS)) == files


@given(trees())
def test_pieces_make_the_same_zip_as_the_whole(files: list[Found]) -> None:
    assert zipped(files) == zipped(files, at_once=True)


FILES: list[Found] = [
    Folder("src"),
    Text("src/🦦.py", "x = 1\n" * 1000),
    Asset("logo.png", b"\x89PNG" + bytes(1000)),
    Folder("empty"),
]


def test_every_entry_tells_its_size_before_its_bytes() -> None:
    with ZipFile(BytesIO(zipped(FILES))) as archive:
        assert archive.testzip() is None
        assert [entry.flag_bits & 8 for entry in archive.infolist()] == [0, 0, 0, 0]
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 2, 12, 0, 2)}


def test_a_time_that_no_zip_can_tell_is_the_earliest_one() -> None:
    with ZipFile(BytesIO(zipped(FILES, datetime(1970, 1, 1, tzinfo=UTC)))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_unzip_reads_it(tmp_path: Path) -> None:
    (tmp_path / "room.zip").write_bytes(zipped(FILES))
    try:
        subprocess.run(["unzip", "-q", "room.zip"], cwd=tmp_path, check=True)
    except FileNotFoundError:
        pytest.skip("there is no unzip")
    assert (tmp_path / "src" / "🦦.py").read_text("utf-8") == "x = 1\n" * 1000
    assert (tmp_path / "empty").is_dir()
    assert stat.S_IMODE((tmp_path / "logo.png").stat().st_mode) == 0o644
