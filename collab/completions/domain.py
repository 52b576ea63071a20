"""The domain of completions, which suggests what a person is about to type."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collab.completions.options import CompletionLimits, CompletionOptions
from collab.domain import Domain, Parts
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.completions.controllers import CompletionsController  # noqa: PLC0415
    from collab.completions.room_controllers import CodeController  # noqa: PLC0415
    from collab.completions.serving import chain_of, pool_of  # noqa: PLC0415
    from collab.completions.turns import Questions  # noqa: PLC0415
    from collab.languages.workspace import remove_left  # noqa: PLC0415

    options = settings.options("completion", CompletionOptions)
    limits = settings.options("limit_completion", CompletionLimits)
    pool = pool_of(options)
    chain = chain_of(pool, options, limits)
    questions = Questions(limits.per_address)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        remove_left()
        yield
        await chain.close()
        await pool.close()

    return Parts(
        routes=[CompletionsController, CodeController],
        dependencies={
            "completions": Provide(lambda: chain, sync_to_thread=False),
            "pool": Provide(lambda: pool, sync_to_thread=False),
            "questions": Provide(lambda: questions, sync_to_thread=False),
            "completion_options": Provide(lambda: options, sync_to_thread=False),
            "completion_limits": Provide(lambda: limits, sync_to_thread=False),
        },
        bodies={
            "/autocomplete": limits.largest_question,
            "/rooms/{room_id}/code/names": limits.largest_question,
            "/rooms/{room_id}/code/documentation": limits.largest_question,
            "/rooms/{room_id}/code/problems": limits.largest_question,
        },
        lifespan=lifespan,
    )


async def _examine(settings: Settings) -> Sequence[tuple[str, bool, str]]:
    """Name the language servers. The page does without those that are missing."""
    from collab.languages.servers import available  # noqa: PLC0415

    options = settings.options("completion", CompletionOptions)
    servers, lacking = available(options.tsc)
    found = f"There are {', '.join(server.name for server in servers)}. " if servers else ""
    return [("languages", True, found + "".join(f"{words}. " for words in lacking).rstrip())]


COMPLETIONS = Domain(
    "completion",
    _parts,
    options=CompletionOptions,
    limits=CompletionLimits,
    examine=_examine,
)
