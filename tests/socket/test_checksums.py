"""The checksums of the texts that a real server sends: see collab/PROTOCOL.md."""

from __future__ import annotations

from zlib import crc32

from tests.support.sockets import Socket, ot_socket

EVERY = 200


def come_to(text: str) -> dict[str, int]:
    return {"main": crc32(text.encode())}


async def write(socket: Socket, count: int) -> str:
    """Put so many letters before "hello", an entry each, and give the text."""
    for seq in range(1, count + 1):
        await socket.submit(seq, seq, "edit", "main", ["🦦", seq - 1 + len("hello")])
        assert (await socket.receive())[0] == seq + 1
    return "🦦" * count + "hello"


async def test_the_answer_to_join_has_the_checksum_of_the_text_now(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        assert (await socket.join("ann"))["checksums"] == come_to("hello")
        text = await write(socket, 2)
    async with ot_socket(room_url) as socket:
        assert (await socket.join("ann", revision=1))["checksums"] == come_to(text)


async def test_everybody_is_told_the_checksum_when_nobody_writes_any_more(room_url: str) -> None:
    async with ot_socket(room_url) as ann, ot_socket(room_url) as bo:
        await ann.join("ann")
        await bo.join("bo")
        await ann.receive()  # bo came
        text = await write(ann, 3)
        idle = {"type": "checksum", "revision": 4, "files": come_to(text)}
        assert await ann.checksum() == idle
        for revision in range(2, 5):
            assert (await bo.receive())[0] == revision
        assert await bo.checksum() == idle
        await ann.nothing_more()


async def test_it_comes_while_somebody_writes_on_and_on(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        text = await write(socket, EVERY)
        # Before anything else that the server says, and so without waiting for it to be idle.
        await socket.send("ping")
        every = {"type": "checksum", "revision": EVERY + 1, "files": come_to(text)}
        assert await socket.checksum() == every
        assert await socket.receive() == {"type": "pong"}


async def test_who_reads_is_given_the_text_at_the_head(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        text = await write(socket, 2)
        await socket.send("read", file="main")
        answer = {"type": "text", "file": "main", "revision": 3, "text": text}
        assert await socket.receive() == answer
        await socket.send("read", file="gone")
        assert (await socket.receive())["code"] == "unknown_file"
