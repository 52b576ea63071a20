"""The domain of completions, which suggests what a person is about to type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from collab.domain import Domain, Parts
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar


class CompletionOptions(Struct, frozen=True):
    """The options that begin with --completion."""

    wait: Annotated[
        float, Meta(ge=0, description="seconds that a completion waits for Jedi's names in Python")
    ] = 0.03
    timeout: Annotated[
        float, Meta(gt=0, description="seconds after which a process that completes is stopped")
    ] = 1.0


class CompletionLimits(Struct, frozen=True):
    """The options that begin with --limit-completion."""

    text: Annotated[
        int, Meta(ge=0, description="code points of a text that completions are suggested for")
    ] = 200_000

    @property
    def largest_question(self) -> int:
        """The bytes of the largest request. JSON escapes can make a text six times as long."""
        return 6 * self.text + 65_536


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.completions.controllers import CompletionsController  # noqa: PLC0415
    from collab.completions.providers import Chain  # noqa: PLC0415
    from collab.completions.worker import Worker  # noqa: PLC0415

    options = settings.options("completion", CompletionOptions)
    limits = settings.options("limit_completion", CompletionLimits)
    chain = Chain(
        [
            # The first answer comes only when the worker's process has started.
            Worker("patterns", patience=10 * options.timeout, limit=options.timeout),
            Worker("names", patience=options.wait, limit=options.timeout),
        ],
        longest=limits.text,
    )

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        yield
        await chain.close()

    return Parts(
        routes=[CompletionsController],
        dependencies={"completions": Provide(lambda: chain, sync_to_thread=False)},
        bodies={"/autocomplete": limits.largest_question},
        lifespan=lifespan,
    )


COMPLETIONS = Domain("completion", _parts, options=CompletionOptions, limits=CompletionLimits)
