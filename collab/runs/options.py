"""The options of the domain."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Mode = Literal["auto", "namespaces", "landlock", "browser", "off"]
_MIB = 1024 * 1024


class RunOptions(Struct, frozen=True):
    """The option --run, and those that begin with --run."""

    run: Annotated[
        Mode,
        Meta(description="sandbox of programs: auto, namespaces, landlock, browser; off runs none"),
    ] = "auto"
    python: Annotated[
        str, Meta(description="Python that runs programs; by default the server's own")
    ] = ""
    node: Annotated[
        str,
        Meta(description="Node that runs programs; by default the one on PATH, or of the wheel"),
    ] = ""
    packages: Annotated[
        str,
        Meta(
            description="what programs may import besides: a folder, a file of requirements, or"
            " requirements"
        ),
    ] = ""
    command: Annotated[
        str, Meta(description="what programs are run by in place of a sandbox: runsc do --")
    ] = ""
    keep: Annotated[int, Meta(ge=1, description="runs whose output a room keeps")] = 50
    keep_bytes: Annotated[int, Meta(ge=1, description="bytes of output that a room keeps")] = (
        16 * _MIB
    )
    keep_days: Annotated[float, Meta(gt=0, description="days that a room keeps output")] = 30.0


class RunLimits(Struct, frozen=True):
    """The options that begin with --limit-run."""

    memory: Annotated[int, Meta(ge=32 * _MIB, description="bytes of memory of a run")] = 512 * _MIB
    cpu: Annotated[int, Meta(ge=1, description="seconds of CPU of a run")] = 60
    time: Annotated[float, Meta(gt=0, description="seconds that a run may take")] = 600.0
    processes: Annotated[int, Meta(ge=1, description="processes and threads of a run")] = 64
    disk: Annotated[int, Meta(ge=_MIB, description="bytes that a run may write to files")] = (
        64 * _MIB
    )
    files: Annotated[int, Meta(ge=1, description="files that a run may have")] = 10_000
    written: Annotated[int, Meta(ge=0, description="bytes of what a run wrote that are kept")] = (
        8 * _MIB
    )
    written_files: Annotated[
        int, Meta(ge=0, description="files that a run wrote that are kept, pictures too")
    ] = 100
    output: Annotated[int, Meta(ge=1024, description="bytes that a run may print")] = 4 * _MIB
    input: Annotated[int, Meta(ge=1, description="bytes of input of a run")] = _MIB
    room: Annotated[int, Meta(ge=1, description="bytes of the files of a room that can run")] = (
        32 * _MIB
    )
    at_once: Annotated[int, Meta(ge=1, description="runs at once in a server process")] = 8
    at_once_room: Annotated[int, Meta(ge=1, description="runs at once in a room")] = 2

    @property
    def of_sandbox(self) -> dict[str, float]:
        """The limits that the sandbox itself keeps, by name."""
        return {
            name: getattr(self, name)
            for name in (
                "memory",
                "cpu",
                "time",
                "processes",
                "disk",
                "files",
                "written",
                "written_files",
            )
        }
