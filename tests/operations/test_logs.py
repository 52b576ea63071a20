"""Logs: each line says which room, session and request it is about, and gives nothing away."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.database import hindered, run
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket


class Logged:
    """A server that logs as JSON into a file."""

    def __init__(self, server: Server, file: Path) -> None:
        self.server = server
        self._file = file

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._file.read_text().splitlines()]

    def find(self, words: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many lines with these words: some are written after the answer is sent."""
        deadline = time.monotonic() + DEADLINE
        while True:
            assert time.monotonic() < deadline, f"{words} is not logged {count} times"
            text = self._file.read_text()
            # The last may be half written.
            whole = text[: text.rfind("\n") + 1].splitlines()
            found = [json.loads(line) for line in whole if words in line]
            if len(found) >= count:
                return found


@pytest.fixture
def logged(database_url: str, tmp_path: Path) -> Iterator[Logged]:
    with (
        (tmp_path / "log").open("w") as file,
        Server(
            "--log-format=json", "--log-level=debug", database_url=database_url, stderr=file
        ) as server,
    ):
        yield Logged(server, tmp_path / "log")


def test_an_answer_and_its_log_carry_the_id_of_the_request(logged: Logged) -> None:
    url = f"{logged.server.url}/rooms"
    given = httpx.post(url, headers={"X-Request-ID": "from-the-proxy.1"}, timeout=DEADLINE)
    assert given.headers["x-request-id"] == "from-the-proxy.1"
    made = httpx.post(url, headers={"X-Request-ID": "no good\x7f" * 20}, timeout=DEADLINE)
    assert len(made.headers["x-request-id"]) == 16
    requests = [line["request"] for line in logged.find("POST /rooms: 201", 2)]
    assert requests == ["from-the-proxy.1", made.headers["x-request-id"]]


async def test_what_goes_wrong_in_a_room_names_the_room_and_gives_nothing_away(
    logged: Logged,
) -> None:
    server = logged.server
    room_id = server.create_room(initial_code="a secret text")
    async with ot_socket(server.room_url(room_id)) as socket:
        joined = await socket.join("the-key-of-a-client")
        async with hindered(
            server.database_url, room_id, "raise exception 'no' using errcode = '23514'"
        ):
            await socket.submit(1, 1, "edit", "main", ["more secrets", 13])
            assert (await socket.receive())["code"] == "not_storable"
        refused = logged.find("not storable")[0]
        assert refused["room"] == room_id[:8]
        assert refused["level"] == "warning"
        assert joined["client"] not in json.dumps(refused), "it is the pump's, not a session's"
    text = json.dumps(logged.lines())
    for secret in (room_id, "secret", "the-key-of-a-client"):
        assert secret not in text


async def test_an_error_of_ours_is_logged_with_its_traceback(logged: Logged) -> None:
    server = logged.server
    room_id = server.create_room()
    await run(
        server.database_url,
        f"insert into snapshot (room_id, revision, state) values ('{room_id}', 1, 'nonsense')",
    )
    answer = await asyncio.to_thread(httpx.get, f"{server.url}/rooms/{room_id}", timeout=DEADLINE)
    assert answer.status_code == 500
    line = logged.find('"level": "error"')[0]
    assert line["request"] == answer.headers["x-request-id"]
    assert "DecodeError" in line["exception"]


def test_for_people_a_line_is_easy_to_read(database_url: str, tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("w") as file,
        Server("--log-level=info", database_url=database_url, stderr=file) as server,
    ):
        server.create_room()
    said = (tmp_path / "log").read_text()
    assert "POST /rooms: 201" in said
    assert "\x1b[" not in said
