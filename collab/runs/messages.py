"""The messages of runs on the socket. PROTOCOL.md tells what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from collab.protocol import DomainMessage, Revision, Seq
from collab.runs.reports import Tally
from collab.runs.store import Part, Row

Line = Annotated[str, Meta(max_length=65_536)]
FilePath = Annotated[str, Meta(min_length=1, max_length=1024)]
FileSize = Annotated[int, Meta(ge=0, le=2**53)]


class RunInput(Struct, frozen=True, tag="input"):
    """Type a text into a run, or end its input. Resend with the same `seq`."""

    run: Revision
    seq: Seq
    text: Line = ""
    end: bool = False


class StopRun(Struct, frozen=True, tag="stop"):
    """Stop a run."""

    run: Revision


class PageEnd(Struct, frozen=True):
    """How a program in a page ended. If it did not start, `words` say why."""

    reason: Literal["exit", "stopped", "memory", "cpu", "output", "failed", "lost"]
    exit: Annotated[int, Meta(ge=-(2**31), le=2**31)] | None = None
    words: Annotated[str, Meta(max_length=500)] = ""


class Played(Struct, frozen=True, tag="played"):
    """Message `n` of the page that runs a program: what the program did since the last one.

    `parts` are pieces of stdout (1), stderr (2) and results of tests (3). `files` are pieces of
    what the program wrote: path, size of the file in bytes, and the next of its bytes in base64.
    """

    run: Revision
    n: Seq
    parts: Annotated[list[tuple[Literal[1, 2, 3], Line]], Meta(max_length=64)] = []
    files: Annotated[list[tuple[FilePath, FileSize, Line]], Meta(max_length=64)] = []
    waiting: bool | None = None
    ended: PageEnd | None = None


class Play(DomainMessage, frozen=True, tag="play", omit_defaults=True):
    """Have a page run a program.

    `n` is the number of the page's last message that was taken, and `input` all the input so far if
    there is more than before. With `end` no more input comes, and with `stop` the program has to
    stop.
    """

    run: int
    n: int = 0
    input: str | None = None
    end: bool = False
    stop: bool = False


class Output(DomainMessage, frozen=True, tag="out"):
    """Chunk `n` of the output of a run."""

    run: int
    n: int
    parts: list[Part]


class RunState(DomainMessage, frozen=True, tag="run", omit_defaults=True):
    """The state of a run. `at` is the revision of its files if that is not the run's own, and
    `files` is how many files it wrote."""

    run: int
    state: str
    author: str
    path: str
    waiting: bool = False
    exit: int | None = None
    reason: str | None = None
    words: str | None = None
    cpu_ms: int = 0
    peak: int = 0
    ms: int = 0
    at: int = 0
    tests: Tally | None = None
    files: int = 0


def state_of(row: Row) -> RunState:
    took = row.ended_at - row.started_at if row.ended_at else None
    return RunState(
        row.revision,
        row.state,
        row.author,
        row.path,
        row.waiting,
        row.exit,
        row.reason,
        row.words,
        row.cpu_ms,
        row.peak_bytes,
        int(took.total_seconds() * 1000) if took else 0,
        row.options.at or 0,
        row.tally,
        row.files,
    )
