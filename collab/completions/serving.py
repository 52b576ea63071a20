"""Makes what completions are served by, out of the options."""

from __future__ import annotations

from collab.completions.options import CompletionLimits, CompletionOptions
from collab.completions.providers import Chain, Provider
from collab.completions.served import ServedNames
from collab.completions.worker import Worker
from collab.languages.pool import Pool
from collab.languages.servers import available


def pool_of(options: CompletionOptions) -> Pool:
    """Make the pool of the language servers that are there."""
    servers = available(options.tsc)[0] if options.servers else []
    return Pool(servers, most=options.servers, idle=options.idle, limit=options.timeout)


def chain_of(pool: Pool, options: CompletionOptions, limits: CompletionLimits) -> Chain:
    """Make the chain. Jedi is asked about Python where no server knows it."""
    limit = options.timeout
    # The first answer comes only when the worker's process has started.
    providers: list[Provider] = [Worker("patterns", patience=10 * limit, limit=limit)]
    if not pool.knowing("python", completes=True):
        providers.append(Worker("names", patience=options.wait, limit=limit))
    return Chain(ServedNames(pool, patience=options.wait), providers, longest=limits.text)
