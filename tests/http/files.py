"""A new room, and what it answers to requests about its files."""

from __future__ import annotations

from typing import Any

import httpx


def made(http: httpx.Client, text: str = "") -> str:
    """The address of the files of a new room."""
    room_id = http.post("/rooms", json={"initial_code": text}).json()["roomId"]
    return f"/rooms/{room_id}/files"


def written(http: httpx.Client, address: str, text: str, **headers: str) -> Any:
    answer = http.put(address, content=text.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json() | {"etag": answer.headers["etag"]}


def told(answer: httpx.Response, status: int) -> str:
    """The code and the words of an answer that says no."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status_code"] == status
    return f"{body['extra']['code']}: {body['detail']}"
