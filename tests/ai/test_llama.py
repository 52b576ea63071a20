"""A real llama.cpp answers through a server."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from tests.ai.conftest import Serve
from tests.support.llama import LETTERS, llama
from tests.support.server import DEADLINE


async def test_a_real_llama_completes_answers_and_stops_when_its_asker_leaves(
    serve: Serve, tmp_path: Path
) -> None:
    with llama(tmp_path) as url:
        async with (
            serve(ai="llamacpp", url=url, model="") as ann,
            httpx.AsyncClient(timeout=DEADLINE) as rest,
        ):
            room = await ann.room("def f(x):\n    ")
            file = (await ann.files(room))["main.py"]
            body = {"file": file, "code": "def f(", "cursorPosition": 6, "language": "python"}
            assert await ann.text(f"{room}/ai/complete", body) == (LETTERS * 5)[:128]
            heard = ""
            async with ann.stream(f"{room}/ai/ask", {"question": "What comes?"}) as lines:
                assert json.loads(await anext(lines))["type"] == "begin"
                while len(heard) < 30:
                    heard += json.loads(await anext(lines))["text"]
            assert (LETTERS * 2).startswith(heard[:40])
            while (slot := await only_slot(rest, url))["is_processing"]:
                pass
            assert slot["n_prompt_tokens"] < 4096, "it went on to the end of its answer"


async def only_slot(rest: httpx.AsyncClient, url: str) -> dict[str, int]:
    [slot] = (await rest.get(f"{url}/slots", timeout=DEADLINE)).json()
    return dict(slot)
