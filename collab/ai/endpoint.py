"""A model and the server that has it, as the operator has set them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from collab.ai.options import AiOptions, Dialect

_URLS: Mapping[Dialect, str] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com/v1",
    "mistral": "https://api.mistral.ai/v1",
    "ollama": "http://127.0.0.1:11434",
    "llamacpp": "http://127.0.0.1:8080",
}
"""The address of each dialect's server, unless the operator gives another."""


class BadSettings(Exception):
    """The settings do not describe a model. Has words for the operator."""


class Key:
    """A secret that shows itself to nobody who prints it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Key(…)"

    def reveal(self) -> str:
        """Return the secret, for the header of a request."""
        return self._text


class Endpoint(Struct, frozen=True):
    """One model. `url` has no slash at its end."""

    dialect: Dialect
    url: str
    model: str
    key: Key

    @property
    def host(self) -> str:
        """Return the name that people are told."""
        return urlsplit(self.url).netloc


class Endpoints(Struct, frozen=True):
    """The model that answers and the one that completes; None for what is off."""

    chat: Endpoint | None = None
    complete: Endpoint | None = None

    @property
    def both(self) -> str:
        """Return in words where text goes, which is what people agree to."""
        named = [f"{one.host} {one.model}" for one in (self.chat, self.complete) if one]
        return ", ".join(dict.fromkeys(named))


def endpoints(options: AiOptions, environment: Mapping[str, str] = os.environ) -> Endpoints:
    """Make the endpoints that the options name. Raises BadSettings."""
    if options.ai == "off":
        return Endpoints()
    key = _key(options.key_file, environment, "COLLAB_AI_KEY")
    chat = _endpoint(options.ai, options.url, options.model, key, "--ai-model")
    if options.complete == "off":
        return Endpoints(chat)
    if options.complete == "same":
        model = options.complete_model or options.model
        return Endpoints(chat, _endpoint(options.ai, chat.url, model, key, "--ai-model"))
    own = _key(options.complete_key_file, environment, "COLLAB_AI_COMPLETE_KEY")
    url, model = options.complete_url, options.complete_model
    return Endpoints(chat, _endpoint(options.complete, url, model, own, "--ai-complete-model"))


def _endpoint(dialect: Dialect, url: str | None, model: str, key: Key, flag: str) -> Endpoint:
    # A llama.cpp server has one model, and does not ask which.
    if not model and dialect != "llamacpp":
        raise BadSettings(f"{flag} is missing: the name of a model, as its server has it")
    return Endpoint(dialect, (url or _URLS[dialect]).rstrip("/"), model or "its own model", key)


def _key(file: Path | None, environment: Mapping[str, str], variable: str) -> Key:
    try:
        text = file.read_text(encoding="utf-8") if file else environment.get(variable, "")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"The file of a key, {file}, cannot be read") from error
    text = text.strip()
    if any(not "!" <= one <= "~" for one in text):
        raise BadSettings("A key has characters that no key has")
    return Key(text)
