"""The bodies of requests and answers of talk."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from collab.talk.messages import Anchor, Mention, MessageBody, Name, Nonce, ThreadBody


class SayBody(Struct):
    """A message to say."""

    text: Annotated[str, Meta(description="Its text, in the subset of Markdown of the page.")]
    anchor: Annotated[
        Anchor | None,
        Meta(
            description="The text of a file that it is about, which begins a thread: from `start`"
            " to `end`, in code points, at `revision`."
        ),
    ] = None
    thread: Annotated[int, Meta(ge=0, description="The thread that it answers in.")] = 0
    suggestion: Annotated[
        str | None, Meta(description="The text that should stand where the anchor is.")
    ] = None
    mentions: Annotated[
        list[Mention], Meta(description="The ids of people, or @here for everybody who is there.")
    ] = []
    names: Annotated[
        list[Name],
        Meta(
            description="The names of people who are mentioned and need not be here. Whoever of"
            " them has an account, and has been here or is a member, finds it at `/me/mentions`."
            " Nobody is told who that is."
        ),
    ] = []
    reply: Annotated[int, Meta(ge=0, description="The message of the chat that it answers.")] = 0
    nonce: Annotated[
        Nonce | None, Meta(description="Of messages with one nonce, one is kept. 8 to 64 letters.")
    ] = None


class EditBody(Struct):
    text: str


class SaidBody(Struct):
    """A message that is kept."""

    number: int


class MessagesBody(Struct):
    """A page of messages, in order."""

    messages: list[MessageBody]
    more: Annotated[bool, Meta(description="There may be more beyond.")]


class ThreadsBody(Struct):
    """Threads, with where their text is now."""

    revision: int
    threads: list[ThreadBody]


class ResolveBody(Struct):
    resolved: bool


class AcceptedBody(Struct):
    """A suggestion that was accepted: the revision that has it in the text."""

    revision: int


class KeepingBody(Struct):
    """For how long a room keeps messages."""

    keep_days: Annotated[float, Meta(gt=0, le=36500, description="days")] | None
    """None is as long as the server keeps them."""


class KeptBody(Struct):
    """For how long a room keeps messages, in days. Null is without an end."""

    keep_days: float | None
    most: Annotated[float | None, Meta(description="The most that the server allows.")]


class SeenBody(Struct):
    at: Annotated[int, Meta(ge=0, le=2**53, description="The `at` of the newest that was seen.")]
