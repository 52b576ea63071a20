"""The assets of a room over HTTP, as other programs use them."""

from __future__ import annotations

from hashlib import sha256

import httpx
import pytest

from tests.http.files import made, told


@pytest.mark.parametrize("body", [b"\xff\xfea\0", b"a\0b", b"\xed\xa0\x80"])
def test_what_is_no_text_takes_its_place_as_an_asset(http: httpx.Client, body: bytes) -> None:
    files = made(http, "x")
    answer = http.put(f"{files}/main.py", content=body)
    asset = answer.json()
    assert (asset["kind"], asset["path"], asset["size"]) == ("asset", "main.py", len(body))
    assert asset["blob"] == sha256(body).hexdigest()
    read = http.get(f"{files}/main.py")
    assert read.content == body
    assert read.headers["etag"] == answer.headers["etag"]
    # What plain clients and GET /rooms/ID know of is still there.
    assert http.get(files.removesuffix("/files")).json()["code"] == "x"


def test_an_asset_never_runs_as_a_page_of_ours(http: httpx.Client) -> None:
    files = made(http)
    for name, body, kind in [
        ("page.html", b"<script>alert(1)</script>\0", "application/octet-stream"),
        ("logo.svg", b"<svg onload='alert(1)'/>\xff", "application/octet-stream"),
        ("logo.png", b"\x89PNG\r\n\x1a\n...\xff", "image/png"),
        ("paper.pdf", b"%PDF-1.7\xff", "application/pdf"),
    ]:
        assert http.put(f"{files}/{name}", content=body).status_code == 200
        answer = http.get(f"{files}/{name}")
        assert answer.content == body
        assert answer.headers["content-type"] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        way = "inline" if kind == "image/png" else "attachment"
        assert answer.headers["content-disposition"] == f"{way}; filename*=UTF-8''{name}"


def test_an_asset_is_read_by_its_hash_in_its_own_room_only(http: httpx.Client) -> None:
    files, others = made(http), made(http)
    body = bytes(range(256)) * 4096
    blob = http.put(f"{files}/a.bin", content=body).json()["blob"]
    assert http.get(f"{files.removesuffix('/files')}/blobs/{blob}").content == body
    elsewhere = http.get(f"{others.removesuffix('/files')}/blobs/{blob}")
    assert told(elsewhere, 404) == "unknown_blob: There are no such bytes."


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, "0-3"),
        ("bytes=600000-", 206, "600000-699999"),
        ("bytes=-5", 206, "699995-699999"),
        ("bytes=-9999999", 206, "0-699999"),
        ("bytes=699999-9999999", 206, "699999-699999"),
        ("bytes=700000-", 416, "*"),
        ("bytes=-0", 416, "*"),
        ("bytes=5-3", 200, ""),
        ("bytes=-", 200, ""),
        ("bytes=0-1,5-6", 200, ""),
        ("lines=0-3", 200, ""),
    ],
)
def test_a_player_reads_the_part_of_a_film_that_it_seeks(
    http: httpx.Client, asked: str, status: int, part: str
) -> None:
    film = b"\x1aE\xdf\xa3" + bytes(range(256)) * 2734 + b"." * 92
    assert len(film) == 700_000
    files = made(http)
    blob = http.put(f"{files}/film.webm", content=film).json()["blob"]
    for address in (f"{files}/film.webm", f"{files[:-6]}/blobs/{blob}"):
        answer = http.get(address, headers={"range": asked})
        assert (answer.status_code, answer.headers["accept-ranges"]) == (status, "bytes")
        if status == 200:
            assert answer.content == film
            continue
        assert answer.headers["content-range"] == f"bytes {part}/700000"
        first, _, last = part.partition("-")
        wanted = film[int(first) : int(last) + 1] if status == 206 else b""
        assert answer.content == wanted
        assert answer.headers["content-length"] == str(len(wanted))
        assert answer.headers["content-type"] == "video/webm"
        # A part of what has changed since would fit nothing.
        other = {"range": asked, "if-range": '"another"'}
        assert http.get(address, headers=other).content == film
        same = other | {"if-range": answer.headers["etag"]}
        assert http.get(address, headers=same).status_code == status


def test_an_asset_is_changed_and_its_older_bytes_stay(http: httpx.Client) -> None:
    files = made(http)
    first = http.put(f"{files}/a.bin", content=b"\0one")
    same = http.put(f"{files}/a.bin", content=b"\0one").json()
    assert same["revision"] == first.json()["revision"] == 2
    etag = first.headers["etag"]
    second = http.put(f"{files}/a.bin", content=b"\0two", headers={"if-match": etag}).json()
    assert (second["id"], second["revision"]) == (same["id"], 3)
    assert http.get(f"{files}/a.bin?revision=2").content == b"\0one"
    late = http.put(f"{files}/a.bin", content=b"\0three", headers={"if-match": etag})
    assert told(late, 412).startswith("other_version: The file has changed")
    # A text can be an asset, too.
    assert http.put(f"{files}/a.bin", content=b"text").json()["kind"] == "asset"


def test_an_empty_asset_is_nothing_special(http: httpx.Client) -> None:
    files = made(http)
    http.put(f"{files}/a.bin", content=b"\0")
    assert http.put(f"{files}/a.bin", content=b"").json()["size"] == 0
    assert http.get(f"{files}/a.bin").content == b""
