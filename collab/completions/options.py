"""The options and limits of completions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class CompletionOptions(Struct, frozen=True):
    """The options that begin with --completion."""

    wait: Annotated[
        float, Meta(ge=0, description="seconds that a completion waits for names that are known")
    ] = 0.04
    timeout: Annotated[
        float, Meta(gt=0, description="seconds after which a process that completes is stopped")
    ] = 1.0
    servers: Annotated[
        int, Meta(ge=0, description="processes of language servers at a time; 0 for none")
    ] = 6
    idle: Annotated[
        float,
        Meta(gt=0, description="seconds without a question until a language server ends"),
    ] = 120.0
    tsc: Annotated[
        str,
        Meta(description="the program tsc of TypeScript 7; by default, the one beside the page"),
    ] = ""


class CompletionLimits(Struct, frozen=True):
    """The options that begin with --limit-completion."""

    text: Annotated[
        int, Meta(ge=0, description="code points of a text that completions are suggested for")
    ] = 200_000
    per_address: Annotated[
        int, Meta(ge=1, description="questions about code of one address at once")
    ] = 16
    files: Annotated[
        int, Meta(ge=0, description="files that are checked when a room is looked through")
    ] = 200

    @property
    def largest_question(self) -> int:
        """The bytes of the largest request. JSON escapes can make a text six times as long."""
        return 6 * self.text + 65_536
