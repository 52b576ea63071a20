"""The bodies of requests and answers about runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from collab.changes.run import MOST_ARGUMENTS, Argument, Input, TestPath
from collab.live.contents import media_type
from collab.runs.ladder import Ground
from collab.runs.options import RunLimits
from collab.runs.reports import Tally
from collab.runs.source import Setup, Source
from collab.runs.store import PICTURE, Listed, Part, Row, Typed
from collab.runs.testing import pytest_arguments

_STREAMS = ("input", "stdout", "stderr", "picture", "test")


class StartRun(Struct):
    """What is to run. What is left out is as the room's people have said, or as a run was that is
    repeated."""

    path: Annotated[
        str | None,
        Meta(description="The file to run; without it, the entry file of the room, or its first."),
    ] = None
    args: Annotated[
        Annotated[list[Argument], Meta(max_length=MOST_ARGUMENTS)] | None,
        Meta(description="The arguments of the program."),
    ] = None
    stdin: Annotated[
        Input | None,
        Meta(description="All of its input; without it, people in the room may type it."),
    ] = None
    revision: Annotated[
        Annotated[int, Meta(ge=1, le=2**53)] | None,
        Meta(description="Run the files as they were at this revision."),
    ] = None
    tests: Annotated[
        Annotated[list[TestPath], Meta(max_length=MOST_ARGUMENTS)] | None,
        Meta(
            description="Run the room's tests in place of the file, in its language: those in these"
            " files, or all if there are none."
        ),
    ] = None
    repeat: Annotated[
        Annotated[int, Meta(ge=1, le=2**53)] | None,
        Meta(description="Run what this run ran, with the input that it was given."),
    ] = None


class RunBody(Struct):
    """A run as it is now."""

    run: Annotated[int, Meta(description="Its id: the revision that it runs.")]
    state: Annotated[str, Meta(description="starting, running or ended")]
    author: str = ""
    path: str = ""
    rung: Annotated[str, Meta(description="The sandbox that it runs in.")] = ""
    waiting: Annotated[bool, Meta(description="It waits for input.")] = False
    exit: Annotated[
        int | None, Meta(description="Its exit status; below 0, the signal that ended it.")
    ] = None
    reason: Annotated[
        str | None,
        Meta(
            description="Why it ended: exit, signal, stopped, time, cpu, memory, output, disk,"
            " lost, refused or failed."
        ),
    ] = None
    words: Annotated[str | None, Meta(description="The same for people, where it needs words.")] = (
        None
    )
    cpu_ms: int = 0
    peak: Annotated[int, Meta(description="The most memory it has used, in bytes.")] = 0
    bytes: Annotated[int, Meta(description="Bytes of its output.")] = 0
    dropped: Annotated[bool, Meta(description="Its output is not kept any more: run it again.")] = (
        False
    )
    started_at: Annotated[int, Meta(description="Milliseconds since 1970.")] = 0
    ended_at: int | None = None
    file: Annotated[str | None, Meta(description="The id of the file.")] = None
    args: Annotated[
        list[str] | None, Meta(description="Its arguments, where they were not the room's.")
    ] = None
    at: Annotated[
        int, Meta(description="The revision of its files, which may be older than the run.")
    ] = 0
    tests: Annotated[
        Tally | None, Meta(description="How many tests went how, where it ran tests.")
    ] = None
    files: Annotated[int, Meta(description="How many files it wrote.")] = 0


class OutputBody(Struct, omit_defaults=True):
    """A piece of output."""

    stream: Annotated[
        str,
        Meta(
            description="stdout or stderr; input for what was typed; picture, whose text is the"
            " path of a file of the run; test, whose text is a result as JSON"
        ),
    ]
    text: str
    author: Annotated[str, Meta(description="Who typed it.")] = ""
    type: Annotated[str, Meta(description="The type of a picture.")] = ""
    n: Annotated[int, Meta(description="The number of its chunk, as on the socket.")] = 0


def run_body(row: Row) -> RunBody:
    return RunBody(
        row.revision,
        row.state,
        row.author,
        row.path,
        row.rung,
        row.waiting,
        row.exit,
        row.reason,
        row.words,
        row.cpu_ms,
        row.peak_bytes,
        row.bytes,
        row.dropped,
        int(row.started_at.timestamp() * 1000),
        int(row.ended_at.timestamp() * 1000) if row.ended_at else None,
        row.file,
        row.options.args,
        row.options.at or row.revision,
        row.tally,
        row.files,
    )


def output_body(n: int, part: Part) -> OutputBody:
    third = part[2] if len(part) == 3 else ""
    author, type_ = ("", third) if part[0] == PICTURE else (third, "")
    return OutputBody(_STREAMS[part[0]], part[1], author, type_, n)


class GroundBody(Struct):
    """Whether programs can be run here."""

    rung: Annotated[str, Meta(description="The sandbox of programs, or off.")]
    words: Annotated[str, Meta(description="Why no program is run, and what the operator can do.")]
    languages: Annotated[list[str], Meta(description="The languages that can be run.")]


class InputBody(Struct):
    """The input of a run, with which it can be repeated."""

    text: str
    ended: Annotated[bool, Meta(description="Whether it was told that no more would come.")]


def ground_body(ground: Ground) -> GroundBody:
    if ground.in_page:
        return GroundBody(ground.rung, "", ["python", "javascript", "typescript"])
    if ground.programs is None:
        return GroundBody(ground.rung, ground.words, [])
    languages = ["python"]
    if ground.node:
        languages += ["javascript", *(["typescript"] if ground.node.types else [])]
    return GroundBody(ground.rung, "", languages)


class SourceText(Struct, omit_defaults=True):
    """A file: its text, or the hash of its bytes, which `/blobs` has."""

    path: str
    text: str | None = None
    blob: str | None = None


class SourceBody(Struct):
    """What a run runs."""

    path: str
    language: str
    args: list[str]
    env: dict[str, str]
    files: list[SourceText]
    tests: Annotated[
        list[str] | None,
        Meta(description="The arguments of pytest, if it runs in place of the program."),
    ]
    limits: Annotated[
        dict[str, int],
        Meta(description="memory, output and written in bytes, cpu in seconds, and written_files"),
    ]


def source_body(source: Source, setup: Setup, limits: RunLimits) -> SourceBody:
    texts = [SourceText(path, text) for path, text in source.texts]
    assets = [SourceText(path, blob=blob) for path, blob, _ in source.assets]
    most = {
        name: getattr(limits, name)
        for name in ("memory", "cpu", "output", "written", "written_files")
    }
    tests = None if setup.tests is None else pytest_arguments(setup.tests)
    files = [*texts, *assets]
    return SourceBody(source.path, source.language, setup.args, setup.env, files, tests, most)


def input_body(typed: Sequence[Typed]) -> InputBody:
    text = "".join(each.body for each in typed if each.kind == "text")
    return InputBody(text, any(each.kind == "end" for each in typed))


class WrittenBody(Struct):
    """A file that a run wrote."""

    path: str
    size: Annotated[int, Meta(description="Its bytes.")]
    kept: Annotated[bool, Meta(description="Whether it can be read; else it is too large.")]
    type: Annotated[str, Meta(description="What its bytes are, as far as they say.")]


def written_body(file: Listed) -> WrittenBody:
    return WrittenBody(file.path, file.size, file.kept, media_type(file.beginning or b""))
