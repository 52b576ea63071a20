"""The options of the domain. Keys are not among them: they come from the environment or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from collab.settings import Host

Dialect = Literal["openai", "anthropic", "ollama", "llamacpp", "mistral"]
"""The protocols that servers of models speak."""
Url = Annotated[str, Meta(pattern=r"\Ahttps?://[^/\s@?#]+(/[^\s@?#]*)?\Z")]
"""An address without a password, which would be a key on the command line."""


class AiOptions(Struct, frozen=True):
    """The options that begin with --ai."""

    ai: Annotated[
        Literal["off"] | Dialect,
        Meta(
            description="model that answers: openai, anthropic, ollama, llamacpp, mistral; or off"
        ),
    ] = "off"
    url: Annotated[
        Url | None, Meta(description="address of the model's server; by default the provider's")
    ] = None
    model: Annotated[str, Meta(description="name of the model, as its server spells it")] = ""
    key_file: Annotated[
        Path | None,
        Meta(description="file with the model's key; by default COLLAB_AI_KEY has it"),
    ] = None
    complete: Annotated[
        Literal["same", "off"] | Dialect,
        Meta(description="model that completes what is typed: same as --ai, off, or another"),
    ] = "same"
    complete_url: Annotated[
        Url | None,
        Meta(description="address of the completing model's server; with same, --ai-url"),
    ] = None
    complete_model: Annotated[
        str, Meta(description="name of the completing model; with same, --ai-model")
    ] = ""
    complete_key_file: Annotated[
        Path | None,
        Meta(description="file with that model's key; by default COLLAB_AI_COMPLETE_KEY has it"),
    ] = None
    hosts: Annotated[
        tuple[Host, ...],
        Meta(description="hosts of the own network that may serve models, without ports"),
    ] = ()


class AiLimits(Struct, frozen=True):
    """The options that begin with --limit-ai."""

    tokens_person: Annotated[
        int, Meta(ge=0, description="tokens of one person in a day (UTC); 0 for no limit")
    ] = 500_000
    tokens_room: Annotated[
        int, Meta(ge=0, description="tokens of one room in a day; 0 for no limit")
    ] = 2_000_000
    tokens_server: Annotated[
        int, Meta(ge=0, description="tokens of all servers in a day; 0 for no limit")
    ] = 20_000_000
    context: Annotated[
        int, Meta(ge=0, description="code points of the room that are sent with a question")
    ] = 24_000
    question: Annotated[int, Meta(ge=1, description="code points of what somebody asks")] = 4000
    answer: Annotated[int, Meta(ge=1, description="tokens of an answer")] = 4096
    line: Annotated[
        int, Meta(ge=1024, description="bytes of one line of what a model's server sends")
    ] = 262_144
    silence: Annotated[
        float, Meta(gt=0, description="seconds that a model's server may say nothing")
    ] = 30.0
    seconds: Annotated[float, Meta(gt=0, description="seconds that an answer may take")] = 180.0
    at_once: Annotated[int, Meta(ge=1, description="answers at once in a server process")] = 64
    at_once_person: Annotated[
        int, Meta(ge=1, description="answers at once of one person in a server process")
    ] = 4
