"""The messages of talk on the socket. PROTOCOL.md tells what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from collab.protocol import DomainMessage, FileId, Key, Position, Revision

Nonce = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,64}\Z")]
Number = Annotated[int, Meta(ge=1, le=2**53)]
Stamp = Annotated[int, Meta(ge=0, le=2**53)]
Mention = Annotated[str, Meta(pattern=r"\A(@here|[A-Za-z0-9_-]{1,64})\Z")]
"""The id of a person, or @here for everybody in the room."""
Name = Annotated[str, Meta(min_length=1, max_length=40)]
"""The name of a person who may be away."""
Reaction = Literal["👍", "👎", "😄", "🎉", "😕", "❤️", "🚀", "👀"]


class Anchor(Struct, frozen=True):
    """The text from `start` to `end` of a file, as it was at `revision`."""

    file: FileId
    revision: Revision
    start: Position
    end: Position
    quote: Annotated[str, Meta(max_length=1000)] = ""
    """The text at that revision. It is used only if all of the text was deleted since."""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"The anchor ends at {self.end}, before its start {self.start}")


class Talk(Struct, frozen=True, tag="talk"):
    """Ask for the messages that changed after `stamp`, and for all later ones."""

    key: Key
    stamp: Stamp | None = None


class Say(Struct, frozen=True, tag="say"):
    """Say something: in the chat, in a thread, or with an anchor to begin a thread."""

    nonce: Nonce
    text: str
    thread: Annotated[int, Meta(ge=0, le=2**53)] = 0
    anchor: Anchor | None = None
    suggestion: str | None = None
    mentions: list[Mention] = []
    names: list[Name] = []
    reply: Annotated[int, Meta(ge=0, le=2**53)] = 0

    @property
    def revision(self) -> int | None:
        """The revision of the anchor. The sender pays for what the room has to remember."""
        return self.anchor.revision if self.anchor else None


class EditSay(Struct, frozen=True, tag="edit_say"):
    """Change the text of a message."""

    number: Number
    text: str


class Unsay(Struct, frozen=True, tag="unsay"):
    """Delete a message."""

    number: Number


class React(Struct, frozen=True, tag="react"):
    """Put a reaction to a message, or take it away."""

    number: Number
    name: Reaction
    on: bool = True


class Resolve(Struct, frozen=True, tag="resolve"):
    """Resolve a thread, or open it again."""

    thread: Number
    resolved: bool = True


class ReadTo(Struct, frozen=True, tag="read_to"):
    """Note that the person has read the messages up to this one."""

    number: Number


class Typing(Struct, frozen=True, tag="typing"):
    """Tell the others that a message is being written."""


class Places(Struct, frozen=True, tag="places"):
    """Ask where the threads of a file are now."""

    file: FileId


# To a client


class MessageBody(Struct, frozen=True, omit_defaults=True):
    """A message as it is now. `text` is None where it is deleted."""

    number: int
    stamp: int
    who: str
    person: str
    author: str
    colour: int
    at: int
    text: str | None
    thread: int = 0
    edited: int = 0
    suggestion: str | None = None
    accepted: str = ""
    mentions: list[str] = []
    reactions: dict[str, list[tuple[str, str]]] = {}
    reply: int = 0


class ThreadBody(Struct, frozen=True, omit_defaults=True):
    """A thread as it is now. Its anchor is at `revision`, and empty where its text is deleted."""

    id: int
    file: str = ""
    revision: int = 0
    start: int = 0
    end: int = 0
    quote: str = ""
    resolved: str = ""
    count: int = 0
    last: int = 0
    who: str = ""
    author: str = ""
    colour: int = 0
    at: int = 0
    text: str | None = None
    deleted: bool = False


class Talked(DomainMessage, frozen=True, tag="talk", omit_defaults=True):
    """Messages and threads that are new or have changed, up to `stamp`.

    With `reset` these are the newest ones, and the client drops all that it had. In the answer to
    `talk`, `read` is the last message that the person has read, and `said` the last message of all.
    The messages of the chat up to `cleared` are deleted.
    """

    stamp: int
    messages: Sequence[MessageBody] = ()
    threads: Sequence[ThreadBody] = ()
    reset: bool = False
    who: str = ""
    read: int = 0
    said: int = 0
    unread: int = 0
    cleared: int = 0


class Said(DomainMessage, frozen=True, tag="said"):
    """The message with this `nonce` is kept under this `number`."""

    nonce: str
    number: int


class Unsaid(DomainMessage, frozen=True, tag="unsaid", omit_defaults=True):
    """The message with this `nonce`, or the change of message `number`, is refused."""

    code: str
    message: str
    nonce: str | UnsetType = UNSET
    number: int | UnsetType = UNSET
    wait: float = 0


class SomebodyTypes(DomainMessage, frozen=True, tag="typing"):
    client: str


class Place(Struct, frozen=True, omit_defaults=True):
    id: int
    start: int
    end: int


class PlacesNow(DomainMessage, frozen=True, tag="places"):
    """The places of the threads of a file at `revision`, the last one that was sent before."""

    file: str
    revision: int
    threads: list[Place]
