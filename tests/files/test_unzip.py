"""Zips that strangers send: what is kept, and the words for what is not."""

from __future__ import annotations

import stat
import tempfile
from io import BytesIO
from zipfile import ZIP_STORED

import pytest
from msgspec.structs import replace

from collab.files.found import (
    Asset,
    Folder,
    Found,
    FoundLimits,
    Refused,
    Remark,
    Text,
)
from collab.files.unzip import read_zip
from collab.files.unzipping import unzip
from collab.room.state import Limits
from tests.files.zips import (
    a_zip,
    claim_size,
    compress_with,
    encrypt,
    info,
    patch,
    rename,
    say_utf8,
)

LIMITS = FoundLimits(10_000, 1_000_000, Limits(text=1000, asset=100_000))
OUTSIDE = "It would lie outside of the room."
ABSOLUTE = "Its path is absolute: it would lie outside of the room."
SYSTEM = "An operating system has made it for itself."
A = Text("a.py", "a")
"""The good neighbour of a bad entry, which is read all the same."""


def found(made: bytes, limits: FoundLimits = LIMITS) -> list[Found]:
    return list(read_zip(BytesIO(made), limits))


def with_a(*entries: tuple[str, bytes | str]) -> bytes:
    return a_zip(*entries, ("a.py", "a"))


def test_texts_assets_and_folders_are_found_in_their_order() -> None:
    made = a_zip(
        ("src/", ""),
        ("src/main.py", "x = '🦦'\r\n"),
        ("logo.png", b"\x89PNG\0\xff"),
        ("empty/", ""),
        ("latin.txt", "é".encode("latin-1")),
        ("inner.zip", a_zip(("deep.txt", "x"))),
    )
    kept = found(made)
    assert [type(one) for one in kept] == [Folder, Text, Asset, Folder, Asset, Asset]
    assert kept[1] == Text("src/main.py", "x = '🦦'\n")
    assert isinstance(kept[5], Asset)
    assert found(kept[5].data) == [Text("deep.txt", "x")]


@pytest.mark.parametrize(
    ("name", "where", "words"),
    [
        ("../evil.py", "../", OUTSIDE),
        ("a/../../evil.py", "a/../", OUTSIDE),
        ("..\\evil.py", "../", OUTSIDE),
        ("..", "..", OUTSIDE),
        ("/etc/passwd", "/etc/passwd", ABSOLUTE),
        ("\\\\host\\share", "\\\\host\\share", ABSOLUTE),
        ("C:\\Windows\\x.py", "C:\\Windows\\x.py", ABSOLUTE),
        ("c:x.py", "c:x.py", ABSOLUTE),
        ("__MACOSX/._a.py", "__MACOSX/", SYSTEM),
        ("src/.DS_Store", "src/.DS_Store", SYSTEM),
        ("src/Thumbs.db", "src/Thumbs.db", SYSTEM),
        (".git/config", ".git/", "Git keeps the name .git for itself."),
        ("src/.GIT/config", "src/.GIT/", "Git keeps the name .GIT for itself."),
        ("a:b.py", "a:b.py", ABSOLUTE),
        ("ab:c.py", "ab:c.py", "A name cannot have the character :"),
        ("what?.py", "what?.py", "A name cannot have the character ?"),
        ("tab\there", "tab\there", "A name cannot have the character U+0009."),
        (
            "dot./x.py",
            "dot./",
            "A name cannot end with a dot or a space.",
        ),
        ("x ", "x ", "A name cannot end with a dot or a space."),
        ("Con.txt", "Con.txt", "Windows keeps the name Con.txt for itself."),
        ("x/lpt1", "x/lpt1", "Windows keeps the name lpt1 for itself."),
        ("n" * 256, "n" * 256, "The name is longer than 255 bytes."),
        ("é" * 128, "é" * 128, "The name is longer than 255 bytes."),
        ("d/" * 32 + "x", "d/" * 32 + "x", "It is 33 levels deep; the limit is 32."),
        (
            "x" * 250 + "/" + ("y" * 200 + "/") * 4 + "z",
            None,
            "Its path has 1056 bytes; the limit is 1024.",
        ),
    ],
)
def test_a_name_that_no_room_can_have_is_left_out_with_words(
    name: str, where: str | None, words: str
) -> None:
    assert found(with_a((name, "evil"))) == [Remark(where or name, words), A]


def test_a_name_with_a_null_is_not_cut_off_there() -> None:
    made = rename(with_a(("evil.py#.txt", "evil")), b"evil.py#.txt", b"evil.py\0.txt")
    assert found(made) == [Remark("evil.py\0.txt", "A name cannot have the character U+0000."), A]


def test_all_that_is_in_a_folder_that_is_left_out_is_said_once() -> None:
    made = with_a(*((f".git/objects/{n}", "x") for n in range(50)))
    assert found(made) == [Remark(".git/", "Git keeps the name .git for itself."), A]


def test_backslashes_of_old_windows_programs_are_folders() -> None:
    made = a_zip(("src\\main.py", "x"), ("src\\empty\\", ""))
    assert found(made) == [Text("src/main.py", "x"), Folder("src/empty")]


def test_dots_and_doubled_slashes_in_a_path_mean_nothing() -> None:
    assert found(a_zip(("./src//./main.py", "x"), ("./", ""))) == [Text("src/main.py", "x")]


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (stat.S_IFLNK | 0o777, "It is a link, and links are not followed."),
        (stat.S_IFIFO | 0o600, "It is a device or a pipe, and no file."),
        (stat.S_IFCHR | 0o600, "It is a device or a pipe, and no file."),
    ],
)
def test_what_is_no_file_is_left_out(mode: int, words: str) -> None:
    made = a_zip((info("link", mode=mode), "/etc/passwd"), ("a.py", "a"))
    assert found(made) == [Remark("link", words), A]


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("x.py", "x.py", "x_2.py"),
        ("x.py", "X.PY", "X_2.PY"),
        ("é.py", "e\u0301.py", "é_2.py"),
        ("straße", "STRASSE", "STRASSE_2"),
        (".env", ".ENV", ".ENV_2"),
        ("src/x.py", "SRC/x.py", "src/x_2.py"),
        ("x", "x/y.py", "x_2/y.py"),
    ],
)
def test_of_two_files_that_a_desktop_could_not_keep_apart_both_are_kept(
    first: str, second: str, place: str
) -> None:
    kept = found(a_zip((first, "1"), (second, "2")))
    texts = [one for one in kept if isinstance(one, Text)]
    assert texts == [Text(first, "1"), Text(place, "2")]
    if isinstance(kept[1], Remark):
        assert kept[1].kept
        assert kept[1].words == f"It is kept as {place}, beside another of its name."


def test_a_long_name_that_is_there_twice_keeps_its_ending() -> None:
    kept = [
        one
        for one in found(a_zip(("é" * 126 + ".py", ""), ("é" * 126 + ".py", "")))
        if isinstance(one, Text)
    ]
    assert [len(one.path.encode()) for one in kept] == [255, 255]
    assert kept[1].path.endswith("é_2.py")


def test_ten_thousand_files_of_one_name_are_numbered_in_no_long_time() -> None:
    kept = found(a_zip(*(("x.py", "") for _ in range(10_000))))
    assert kept[-1] == Text("x_10000.py", "")


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        (encrypt(with_a(("x", "evil"))), "It is encrypted."),
        (
            compress_with(with_a(("x", "evil")), 9),
            "It is compressed with Deflate64, which is not read.",
        ),
        (compress_with(with_a(("x", "evil")), 77), "It is compressed with 77, which is not read."),
        (
            compress_with(with_a(("x", "evil")), 12),
            "It is compressed with bzip2, which is not read.",
        ),
        (claim_size(with_a(("x", b"0" * 1000)), 10), "It is damaged: its checksum is wrong."),
        (
            claim_size(with_a(("x", b"0" * 10)), 1000),
            "It is damaged: it has fewer bytes than it claims.",
        ),
        (
            claim_size(with_a(("x", b"0")), 2**32 - 2),
            "It has more than 100000 bytes, the limit of a file.",
        ),
        (patch(with_a(("x", b"0")), 14, 16, b"\1\2\3\4"), "It is damaged: its checksum is wrong."),
        (with_a(("x", bytes(100_001))), "It has more than 100000 bytes, the limit of a file."),
    ],
    ids=[
        "encrypted",
        "deflate64",
        "a method of nobody",
        "bzip2",
        "a size too small",
        "a size too large",
        "a size far too large",
        "a wrong checksum",
        "too large",
    ],
)
def test_what_cannot_be_read_is_left_out_with_words(spoilt: bytes, words: str) -> None:
    assert found(spoilt) == [Remark("x", words), A]


def test_a_size_that_lies_is_found_out_by_the_bytes_that_come() -> None:
    """300 MB of zeros fit in 292 KB, and may claim to be few."""
    made = claim_size(with_a(("x", bytes(300_000_000))), 99_000)
    assert found(made) == [Remark("x", "It is damaged: its checksum is wrong."), A]


def test_many_files_that_are_too_large_together_are_refused() -> None:
    made = a_zip(*((f"{n}", bytes(100_000)) for n in range(11)))
    assert found(made) == [
        Refused("The files in the zip have 1100000 bytes; the limit is 1000000.")
    ]


def test_what_is_left_out_for_its_size_does_not_count() -> None:
    made = with_a(("x", bytes(2_000_000)))
    assert found(made) == [Remark("x", "It has more than 100000 bytes, the limit of a file."), A]


def test_too_many_entries_are_refused_before_they_are_read() -> None:
    made = a_zip(*((f"{n}", "") for n in range(1001)), method=ZIP_STORED)
    refused = Refused("The zip has 1001 entries; the limit is 1000.")
    assert found(made, replace(LIMITS, entries=1000)) == [refused]
    # One that lies of their number is told the same.
    end = made.rindex(b"PK\5\6")
    lying = made[: end + 8] + b"\1\0\1\0" + made[end + 12 :]
    assert found(lying, replace(LIMITS, entries=1000)) == [refused]


def test_a_hundred_thousand_entries_are_refused() -> None:
    made = a_zip(*((f"{n}", "") for n in range(100_000)), method=ZIP_STORED)
    assert found(made) == [Refused("The zip has 100000 entries; the limit is 10000.")]


@pytest.mark.parametrize(
    "made",
    [
        b"",
        b"PK",
        b"x" * 100_000,
        with_a(("x", "y"))[:-30],
        with_a(("x", "y"))[40:],
        b"PK\5\6" + bytes(17),
    ],
    ids=["nothing", "two bytes", "no zip", "the end cut off", "the start cut off", "half an end"],
)
def test_what_is_no_zip_is_refused(made: bytes) -> None:
    kept = found(made)
    assert kept == [Refused("This is not a zip, or it is damaged.")] or all(
        isinstance(one, Remark) for one in kept[:1]
    )


def test_names_in_utf8_are_read_whether_a_zip_says_so_or_not() -> None:
    plain = a_zip(("@@@@.py", "x"))
    assert found(rename(plain, b"@@@@.py", "🦦.py".encode())) == [Text("🦦.py", "x")]
    assert found(say_utf8(rename(plain, b"@@@@.py", "🦦.py".encode()))) == [Text("🦦.py", "x")]


def test_names_in_an_old_encoding_are_read_as_zip_says() -> None:
    assert found(rename(a_zip(("@.py", "x")), b"@.py", b"\x82.py")) == [Text("é.py", "x")]


def test_a_name_that_is_not_the_utf8_it_claims_is_told() -> None:
    made = say_utf8(rename(a_zip(("@.py", "x")), b"@.py", b"\x82.py"))
    assert found(made) == [Refused("The zip has a name that is not UTF-8, although it says so.")]


def test_two_headers_that_differ_are_not_trusted() -> None:
    made = with_a(("good.py", "x"))
    at = made.index(b"good.py")
    spoilt = made[:at] + b"evil.py" + made[at + 7 :]
    assert found(spoilt) == [Remark("good.py", "It is damaged: it cannot be decompressed."), A]


def test_a_text_that_is_too_long_is_kept_without_editing() -> None:
    words = "It is kept without editing: a text has at most 1000 characters."
    assert found(a_zip(("x.py", "x" * 1001))) == [
        Remark("x.py", words, kept=True),
        Asset("x.py", b"x" * 1001),
    ]


def test_what_was_no_text_stays_none() -> None:
    assert found(a_zip((info("x", comment=b"asset"), "text"))) == [Asset("x", b"text")]


async def in_a_process(made: bytes, limits: FoundLimits = LIMITS) -> list[Found]:
    with tempfile.TemporaryFile() as file:
        file.write(made)
        file.flush()
        return [one async for one in unzip(file, limits)]


async def test_a_process_of_its_own_finds_the_same() -> None:
    made = with_a(("../x", ""), ("b", b"\0"), ("c/", ""))
    assert await in_a_process(made) == found(made)
    assert await in_a_process(b"x") == found(b"x")


async def test_a_process_that_swells_costs_only_the_answer() -> None:
    """Two million entries that a zip of some 90 MB does not tell of beforehand."""
    made = bytearray(a_zip(("x", "")))
    start, end = made.index(b"PK\1\2"), made.index(b"PK\5\6")
    entry, count = bytes(made[start:end]), 2_000_000
    directory = entry * count
    tail = made[end : end + 12] + len(directory).to_bytes(4, "little") + made[end + 16 :]
    kept = await in_a_process(bytes(made[:start]) + directory + bytes(tail))
    assert len(kept) == 1
    assert isinstance(kept[0], Refused)
