"""What a program reports beside its output: pictures that it shows, and tests that it has run.

It writes lines of JSON to descriptor 3, such as {"picture": BASE64} and {"test": {…}}. Our modules
for matplotlib, pytest and Node do so, but any program can, so nothing in them is believed.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct, json

from collab.live.contents import media_type

Outcome = Literal["passed", "failed", "skipped", "error"]
_Name = Annotated[str, Meta(max_length=1000)]
_Number = Annotated[int, Meta(ge=0, le=2**31)]


class Result(Struct, frozen=True, omit_defaults=True):
    """How a test went. `line` counts from 1; 0 is unknown, as is an empty path."""

    name: _Name
    outcome: Outcome
    path: _Name = ""
    line: _Number = 0
    ms: _Number = 0
    message: Annotated[str, Meta(max_length=20_000)] = ""


class Tally(Struct, frozen=True):
    """How many tests of a run went how, so far. An error of a file counts as failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def with_(self, result: Result) -> Tally:
        match result.outcome:
            case "passed":
                return Tally(self.passed + 1, self.failed, self.skipped)
            case "skipped":
                return Tally(self.passed, self.failed, self.skipped + 1)
            case _:
                return Tally(self.passed, self.failed + 1, self.skipped)


class Report(Struct, frozen=True):
    picture: str | None = None
    test: Result | None = None

    def image(self) -> bytes:
        """The bytes of the picture; none if they are no base64."""
        try:
            return b64decode(self.picture or "", validate=True)
        except ValueError:
            return b""


_BEGINNING = 4096


def picture_type(path: str, body: bytes) -> str:
    """The type of a picture; empty for a file that is none. Pages show an SVG as an image alone."""
    if path.lower().endswith(".svg"):
        return "image/svg+xml" if b"<svg" in body[:_BEGINNING] else ""
    kind = media_type(body)
    return kind if kind.startswith("image/") else ""


_decoder = json.Decoder(Report)


class Reports:
    """Splits what comes on the descriptor into reports. A line has at most `longest` bytes."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest = bytearray()
        self.too_long = False

    def take(self, data: bytes) -> list[Report]:
        """The reports that are whole now. What is none is left out."""
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = bytes(self._rest) + lines[0]
            self._rest.clear()
        self._rest += rest
        self.too_long = len(self._rest) > self._longest
        reports = []
        for line in lines:
            try:
                reports.append(_decoder.decode(line))
            except (DecodeError, ValueError, RecursionError):
                continue
        return reports
