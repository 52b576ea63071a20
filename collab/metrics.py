"""What a server counts and measures, for Prometheus to read at /metrics. Times in seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

from collab.errors import LogError

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
SLOW_READERS = Counter("collab_slow_readers", "Sockets closed since they read too slowly")
DOORBELL = Histogram(
    "collab_doorbell_lag_seconds",
    "Age of another process's newest entry when it was read here, by the clocks of both",
    buckets=_FAST,
)


@contextmanager
def committing(entries: int) -> Iterator[None]:
    """Measure an append of so many entries; one that fails is counted by what it raises."""
    began = time.perf_counter()
    try:
        yield
    except LogError as error:
        FAILED.labels(type(error).__name__).inc()
        raise
    COMMIT.observe(time.perf_counter() - began)
    BATCH.observe(entries)
    REVISIONS.inc(entries)
