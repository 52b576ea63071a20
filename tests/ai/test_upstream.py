"""Answers of models, from a server that says anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from collab.ai.dialects import Chat, Fill, Turn
from collab.ai.endpoint import BadSettings, Endpoint, Key, endpoints
from collab.ai.errors import ModelFailed
from collab.ai.options import AiLimits, AiOptions, Dialect
from collab.ai.upstream import Models
from tests.support.models import FOREVER, WAIT, Model, chat, event, line, model

CHAT = Chat("You help.", [Turn("user", "why?")], 100)
FILL = Fill("def f(", "):\n", "python", 50)
LIMITS = AiLimits(line=65_536, answer=1000)
SECRET = "sk-the-key-of-the-operator"


@pytest.fixture
async def upstream() -> AsyncIterator[Model]:
    async with model() as made:
        yield made


@pytest.fixture
async def models() -> AsyncIterator[Models]:
    made = Models(LIMITS, ["127.0.0.1"])
    yield made
    await made.close()


def at(upstream: Model, dialect: Dialect = "openai", name: str = "m") -> Endpoint:
    return Endpoint(dialect, upstream.url, name, Key(SECRET))


async def answer(models: Models, endpoint: Endpoint, what: Chat | Fill = CHAT) -> str:
    """Return the whole answer, and raise what ends it."""
    return "".join([piece.text async for piece in models.stream(endpoint, what)])


OPENAI_TEXT = [event(choices=[{"text": "se"}]), event(choices=[{"text": "lf"}])]
OPENAI_CHAT = [chat("se"), b": keep-alive\n\n", chat("lf"), b"data: [DONE]\n\n"]
ANTHROPIC = [
    b"event: message_start\n" + event(type="message_start", message={"usage": {"input_tokens": 7}}),
    event(type="content_block_delta", delta={"type": "text_delta", "text": "se"}),
    event(type="content_block_delta", delta={"type": "text_delta", "text": "lf"}),
    event(type="message_delta", usage={"output_tokens": 2}),
    event(type="message_stop"),
]
LLAMA = [event(content="se", stop=False), event(content="lf", stop=True, tokens_predicted=2)]


@pytest.mark.parametrize(
    ("dialect", "name", "what", "path", "say"),
    [
        ("openai", "gpt", CHAT, "/chat/completions", OPENAI_CHAT),
        ("openai", "gpt", FILL, "/chat/completions", OPENAI_CHAT),
        ("openai", "Qwen2.5-Coder", FILL, "/completions", OPENAI_TEXT),
        ("mistral", "codestral", CHAT, "/chat/completions", OPENAI_CHAT),
        ("mistral", "codestral", FILL, "/fim/completions", OPENAI_CHAT),
        ("anthropic", "claude", CHAT, "/messages", ANTHROPIC),
        ("anthropic", "claude", FILL, "/messages", ANTHROPIC),
        ("llamacpp", "", CHAT, "/v1/chat/completions", OPENAI_CHAT),
        ("llamacpp", "", FILL, "/infill", LLAMA),
        (
            "ollama",
            "qwen",
            CHAT,
            "/api/chat",
            [line(message={"content": "se"}), line(message={"content": "lf"}, done=True)],
        ),
        (
            "ollama",
            "qwen",
            FILL,
            "/api/generate",
            [line(response="se"), line(response="lf", done=True, eval_count=2)],
        ),
    ],
)
async def test_each_dialect_asks_and_reads_in_its_own_words(
    upstream: Model,
    models: Models,
    dialect: Dialect,
    name: str,
    what: Chat | Fill,
    path: str,
    say: list[bytes],
) -> None:
    upstream.say = say
    assert await answer(models, at(upstream, dialect, name), what) == "self"
    [(asked, headers, _)] = upstream.asked
    assert asked == path
    key = "x-api-key" if dialect == "anthropic" else "authorization"
    assert headers[key].endswith(SECRET)
    sent = upstream.prompts
    assert ("def f(" in sent) == isinstance(what, Fill)
    assert "suffix" not in sent or name != "gpt", "servers of this dialect ignore it in silence"


async def test_a_template_puts_the_gap_where_the_model_was_taught(
    upstream: Model, models: Models
) -> None:
    upstream.say = OPENAI_TEXT
    await answer(models, at(upstream, name="Qwen2.5-Coder-7B"), FILL)
    [(_, _, body)] = upstream.asked
    assert body["prompt"] == "<|fim_prefix|>def f(<|fim_suffix|>):\n<|fim_middle|>"


@pytest.mark.parametrize(
    ("say", "code", "words"),
    [
        ([chat("x" * 100), FOREVER], "model_cut", "too long"),
        ([b"data: " + b"x" * 1000, FOREVER], "model_cut", "line without an end"),
        ([b"x" * 70_000 + b"\n"], "model_cut", "line without an end"),
        ([chat(""), FOREVER], "model_cut", "too long"),
        ([b":\n" * 10_000, FOREVER], "model_cut", "too long"),
        ([b"\n" * 10_000, FOREVER], "model_cut", "too long"),
        ([b"data:" + b"[" * 60_000 + b"\n"], "model_malformed", "cannot be read"),
        ([event(choices=5)], "model_malformed", "cannot be read"),
        ([event(choices=["a"], usage=[])], "model_malformed", "cannot be read"),
        ([chat("a\0b")], "model_cut", "no text"),
        ([chat("a\rb")], "model_cut", "no text"),
        ([chat("\x1b[2J")], "model_cut", "no text"),
        (
            [b'data: {"choices": [{"delta": {"content": "\\ud800"}}]}\n\n'],
            "model_malformed",
            "cannot be read",
        ),
        ([b"data: {nonsense\n\n"], "model_malformed", "cannot be read"),
        ([b"data: [1]\n\n"], "model_malformed", "cannot be read"),
        ([b"data: \xff\xfe\n\n"], "model_malformed", "cannot be read"),
        ([event(choices=[{"delta": {"content": {"a": 1}}}])], "model_malformed", "cannot be read"),
        ([event(error={"message": f"bad key {SECRET}"})], "model_failed", "broke"),
        ([b'{"error": "no"}\n'], "model_malformed", "cannot be read"),
    ],
)
async def test_an_answer_that_is_none_is_cut_in_words(
    upstream: Model, models: Models, say: list[bytes], code: str, words: str
) -> None:
    upstream.say = say
    with pytest.raises(ModelFailed, match=words) as raised:
        await answer(models, at(upstream))
    assert raised.value.code == code
    assert SECRET not in str(raised.value)


async def test_line_ends_of_windows_become_ours_wherever_they_are_cut(
    upstream: Model, models: Models
) -> None:
    upstream.says("a\r", "\nb\r\nc")
    assert await answer(models, at(upstream)) == "a\nb\nc"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:%d/\r\n", "model_redirects"),
        (b"HTTP/1.1 307 Found\r\nlocation: https://example.com/\r\n", "model_redirects"),
        (b"HTTP/1.1 401 No\r\n", "model_failed"),
        (b"HTTP/1.1 500 No\r\n", "model_failed"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n", "model_malformed"),
        (b"nonsense\r\n", "model_unreachable"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"x" * 200_000 + b"\r\n", "model_unreachable"),
    ],
)
async def test_only_a_plain_answer_is_taken(
    upstream: Model, models: Models, head: bytes, code: str
) -> None:
    upstream.head = head.replace(b"%d", str(upstream.port).encode()) + b"connection: close\r\n\r\n"
    upstream.say = [SECRET.encode()]
    with pytest.raises(ModelFailed) as raised:
        await answer(models, at(upstream))
    assert raised.value.code == code
    assert SECRET not in str(raised.value)
    assert len(upstream.asked) == 1, "it is not followed"


async def test_the_own_network_is_refused_unless_it_is_named(upstream: Model) -> None:
    upstream.says("hello")
    for url in (upstream.url, upstream.url.replace("127.0.0.1", "localhost")):
        models = Models(LIMITS, ["127.0.0.2", "[::1]"])
        with pytest.raises(ModelFailed, match="own network") as raised:
            await answer(models, Endpoint("openai", url, "m", Key("")))
        assert raised.value.code == "model_refused"
        await models.close()
    assert upstream.asked == []


async def test_a_name_with_one_address_of_the_own_network_is_refused(
    upstream: Model, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found(*_: object, **__: object) -> list[Any]:
        return [(0, 0, 0, "", (address, 0)) for address in ("127.0.0.1", "93.184.216.34")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    upstream.says("hello")
    with pytest.raises(ModelFailed, match="own network"):
        await answer(models, Endpoint("openai", f"http://evil.test:{upstream.port}", "m", Key("")))
    assert upstream.asked == []


async def test_preliminary_answers_without_end_end(upstream: Model) -> None:
    upstream.head = b""
    upstream.say = [b"HTTP/1.1 100 Continue\r\n\r\n", FOREVER]
    models = Models(AiLimits(silence=0.2), ["127.0.0.1"], connect=0.2)
    with pytest.raises(ModelFailed, match="said nothing") as raised:
        await answer(models, at(upstream))
    assert raised.value.code == "model_cut"
    await models.close()


@pytest.mark.parametrize(
    ("say", "limits", "words"),
    [
        ([chat("a"), WAIT], AiLimits(silence=0.2), "said nothing"),
        ([chat(""), FOREVER], AiLimits(seconds=0.1), "took too long"),
    ],
    ids=["silence", "no end"],
)
async def test_an_answer_has_so_much_time(
    upstream: Model, say: list[bytes], limits: AiLimits, words: str
) -> None:
    upstream.say = say
    models = Models(limits, ["127.0.0.1"])
    with pytest.raises(ModelFailed, match=words):
        await answer(models, at(upstream))
    await models.close()


@pytest.mark.parametrize("say", [[WAIT], [chat("a"), WAIT]], ids=["before a piece", "after one"])
async def test_an_abandoned_stream_ends_at_the_model(
    upstream: Model, models: Models, say: list[bytes]
) -> None:
    upstream.say = say

    async def read() -> None:
        async with aclosing(models.stream(at(upstream), CHAT)) as pieces:
            async for _ in pieces:
                pass

    reading = asyncio.create_task(read())
    await upstream.arrived.wait()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await asyncio.wait_for(upstream.left.wait(), 10)


def test_a_key_comes_from_the_environment_or_a_file_and_shows_itself_to_nobody(
    tmp_path: Path,
) -> None:
    options = AiOptions(ai="openai", model="m")
    found = endpoints(options, {"COLLAB_AI_KEY": f"{SECRET}\n"})
    assert found.chat
    assert found.chat.key.reveal() == SECRET
    assert SECRET not in repr(found)
    file = tmp_path / "key"
    file.write_text("from-a-file\n")
    found = endpoints(AiOptions(ai="openai", model="m", key_file=file), {"COLLAB_AI_KEY": SECRET})
    assert found.chat
    assert found.chat.key.reveal() == "from-a-file"
    assert not any(field.endswith("key") for field in AiOptions.__struct_fields__)
    with pytest.raises(BadSettings):
        endpoints(options, {"COLLAB_AI_KEY": "two words"})
    with pytest.raises(BadSettings, match="--ai-model"):
        endpoints(AiOptions(ai="openai"), {})


def test_completions_may_come_from_another_model() -> None:
    chat = AiOptions(ai="anthropic", model="big", complete="ollama", complete_model="small")
    found = endpoints(chat, {"COLLAB_AI_KEY": "one"})
    assert found.chat
    assert found.complete
    assert (found.complete.dialect, found.complete.model) == ("ollama", "small")
    assert not found.complete.key, "the key of one server is not for another"
    assert found.both == "api.anthropic.com big, 127.0.0.1:11434 small"
    assert endpoints(AiOptions(), {}).chat is None
