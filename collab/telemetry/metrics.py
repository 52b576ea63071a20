"""The metrics that Prometheus reads at /metrics. Times are in seconds."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

_FAST = (0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

SESSIONS = Gauge("collab_sessions", "Sockets in rooms", multiprocess_mode="livesum")
ROOMS = Gauge("collab_rooms", "Rooms in memory", multiprocess_mode="livesum")
REVISIONS = Counter("collab_revisions", "Changes committed by this process")
COMMIT = Histogram("collab_commit_seconds", "What the log takes for a batch", buckets=_FAST)
BATCH = Histogram("collab_batch_entries", "Changes committed at once", buckets=_COUNTS)
DELIVERY = Histogram(
    "collab_delivery_seconds",
    "From a change's arrival until its entry was handed to every socket",
    buckets=_FAST,
)
REBASE = Histogram(
    "collab_rebase_revisions",
    "Revisions between the one a change was made on and the head when it came",
    buckets=(0, *_COUNTS, 10_000),
)
FAILED = Counter("collab_batches_failed", "Batches not committed at once", ["why"])
REFUSED = Counter("collab_refusals", "Changes and messages that were refused", ["code"])
LOG_BYTES = Counter("collab_log_bytes", "Bytes that changes committed by this process added")
LOG_SLOWED = Counter(
    "collab_log_slowed", "Pauses of writers whose log budget was used up", ["whose"]
)
SLOW_READERS = Counter("collab_slow_readers", "Sockets closed since they read too slowly")
DOORBELL = Histogram(
    "collab_doorbell_lag_seconds",
    "Age of another process's newest entry when it was read here, by the clocks of both",
    buckets=_FAST,
)


class Flow:
    """Measures the changes of one room, from their arrival until everybody has them.

    It records its measurements when nobody waits for them.
    """

    def __init__(self) -> None:
        self._came: dict[str, tuple[float, int | None]] = {}

    def came(self, client: str, behind: int | None) -> None:
        """Note that a client's change waits, made `behind` revisions ago, if known."""
        self._came[client] = (time.perf_counter(), behind)

    def left(self, client: str) -> None:
        """Stop measuring the changes of a client that has left."""
        self._came.pop(client, None)

    def went(self, clients: Sequence[str], commit: float) -> None:
        """Note that a batch of these clients was committed and handed to every session."""
        now = time.perf_counter()
        COMMIT.observe(commit)
        BATCH.observe(len(clients))
        REVISIONS.inc(len(clients))
        for client in clients:
            if came := self._came.pop(client, None):
                DELIVERY.observe(now - came[0])
                if came[1] is not None:
                    REBASE.observe(came[1])


def count_refusals(refused: Tally[str]) -> None:
    """Count refusals by their codes, and empty the list."""
    for code, times in refused.items():
        REFUSED.labels(code).inc(times)
    refused.clear()
