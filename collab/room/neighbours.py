"""The other server processes that this process has heard from."""

from __future__ import annotations

from collections.abc import Iterator


class Neighbours:
    """The processes that spoke within the last `patience` seconds. Times are of any one clock."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._heard: dict[str, tuple[int, float, int]] = {}
        """For each process, the number of its last batch, when that came, and what it knows."""

    def __len__(self) -> int:
        return len(self._heard)

    def __iter__(self) -> Iterator[str]:
        return iter(self._heard)

    def __contains__(self, process: object) -> bool:
        return process in self._heard

    def knows(self, process: str) -> int:
        """Return what a process says that its release knows, 0 for an old one: see `KNOWS`."""
        return self._heard[process][2]

    def heard(self, process: str, number: int, now: float, knows: int = 0) -> bool:
        """Note a batch. Returns whether it follows the process's last one, so that nothing was
        missed."""
        last, *_ = self._heard.get(process, (0, now))
        self._heard[process] = (number, now, knows)
        return number == last + 1

    def forget(self, process: str) -> None:
        self._heard.pop(process, None)

    def silent(self, now: float) -> list[str]:
        """Forget the processes that have not spoken for too long, and return them."""
        silent = [p for p, (_, when, _) in self._heard.items() if now - when > self.patience]
        for process in silent:
            del self._heard[process]
        return silent
