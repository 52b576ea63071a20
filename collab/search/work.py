"""The program that searches, in a process of its own: see `searching`.

    python -m collab.search.work

The first message on its input is a `Job`, the others are batches of texts.

The pattern of a stranger may take for ever in Python's `re`, as `(a+)+$` does. `re` looks for
signals while it matches, so a timer ends it here, with words. If it did not, the server would kill
the process. So patterns can be in the syntax that Python has, with groups that are referred to and
what stands before and behind, which engines without such patterns lack.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from math import ceil
from types import FrameType
from typing import BinaryIO, NoReturn, TypeVar

from msgspec import msgpack

from collab.search.finder import BadQuery, Finder, Match, preview
from collab.search.messages import (
    Answer,
    Batch,
    Chosen,
    Done,
    Found,
    Job,
    Refused,
    Stopped,
    Why,
)
from collab.search.template import TooLong

_MEMORY = 1024**3
_AT_ONCE = 500
"""Matches in a message."""
_GRACE = 10
"""Seconds of the processor after which the system ends the process, if no timer has."""
_PATIENT = 10
"""The niceness of the process, so that the server goes first."""

T = TypeVar("T")


class _Enough(BaseException):
    """There is no more time, or the limit of what is found is reached."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why


class _Timer:
    """Ends what runs within `running` when it has taken so many seconds of the processor."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        signal.signal(signal.SIGVTALRM, self._ring)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Raises _Enough."""
        if self._left <= 0:
            raise _Enough("time")
        signal.setitimer(signal.ITIMER_VIRTUAL, self._left)
        try:
            yield
        finally:
            self._left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    @staticmethod
    def _ring(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise _Enough("time")


class _Search:
    """One job, and what is left of its limits."""

    def __init__(self, job: Job, output: BinaryIO) -> None:
        self._job = job
        self._output = output
        self._timer = _Timer(job.seconds)
        self._matches = job.most_matches
        self._inserted = job.most_inserted
        self._finder: Finder | None = None

    def begin(self) -> bool:
        """Read the query, and choose the files. Returns whether there is something to search."""
        try:
            with self._timer.running():
                self._finder = Finder(self._job.query)
                takes, paths = self._finder.takes, self._job.paths
                chosen = [index for index, path in enumerate(paths) if takes(path)]
                assets = sum(map(takes, self._job.assets))
        except BadQuery as error:
            return self._end(Refused(error.key, error.words))
        except _Enough:
            return self._end(Refused("query", "The patterns take too long to read."))
        self._tell(Chosen(chosen, assets))
        return True

    def search(self, batch: Batch) -> bool:
        """Search some texts. Returns whether the search goes on."""
        assert self._finder
        for file, text in batch:
            try:
                self._search(file, self._finder.find(text, self._inserted))
            except _Enough as error:
                return self._end(Stopped(error.why, file))
            except MemoryError:
                return self._end(Stopped("memory", file))
            except TooLong:
                return self._end(Stopped("inserted", file))
        self._tell(Done(self._finder.empty))
        return True

    def _search(self, file: int, found: Iterator[Match]) -> None:
        while True:
            why: Why | None = None
            matches: list[Match] = []
            try:
                with self._timer.running():
                    matches.extend(map(self._counted, islice(found, _AT_ONCE)))
            except _Enough as error:
                why = error.why
            if matches:
                self._tell(Found(file, matches))
            if why:
                raise _Enough(why)
            if len(matches) < _AT_ONCE:
                return

    def _counted(self, match: Match) -> Match:
        if not self._matches:
            raise _Enough("matches")
        self._matches -= 1
        if not self._job.whole:
            return preview(match)
        self._inserted -= len(match.replacement or "")
        if self._inserted < 0:
            raise _Enough("inserted")
        return match

    def _tell(self, answer: Answer) -> None:
        encoded = msgpack.encode(answer)
        self._output.write(len(encoded).to_bytes(4) + encoded)
        self._output.flush()

    def _end(self, answer: Answer) -> bool:
        self._tell(answer)
        return False


def main() -> None:
    """Do the job on the standard input."""
    warnings.simplefilter("ignore")  # of patterns that may mean something else one day
    source = sys.stdin.buffer
    job = _read(source, Job)
    assert job
    _confine(job.seconds)
    search = _Search(job, sys.stdout.buffer)
    goes_on = search.begin()
    while goes_on and (batch := _read(source, Batch)):
        goes_on = search.search(batch)


def _read(source: BinaryIO, kind: type[T]) -> T | None:
    header = source.read(4)
    return msgpack.decode(source.read(int.from_bytes(header)), type=kind) if header else None


def _confine(seconds: float) -> None:
    """Bounded memory and time; no file written and no process started from here on."""
    os.nice(_PATIENT)
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, ceil(seconds) + _GRACE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        # Not every system has each of them.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
