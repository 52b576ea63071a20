"""The other server processes that this process has heard from."""

from __future__ import annotations

from collections.abc import Iterator


class Neighbours:
    """The processes that spoke within the last `patience` seconds. Times are of any one clock."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._heard: dict[str, tuple[int, float]] = {}
        """By process, the number of the last batch and when it came."""

    def __len__(self) -> int:
        return len(self._heard)

    def __iter__(self) -> Iterator[str]:
        return iter(self._heard)

    def __contains__(self, process: object) -> bool:
        return process in self._heard

    def heard(self, process: str, number: int, now: float) -> bool:
        """Note a batch; say whether it is the one after the last, so that nothing was missed."""
        last, _ = self._heard.get(process, (0, now))
        self._heard[process] = (number, now)
        return number == last + 1

    def forget(self, process: str) -> None:
        self._heard.pop(process, None)

    def silent(self, now: float) -> list[str]:
        """Forget those that have not spoken for too long, and name them."""
        silent = [p for p, (_, when) in self._heard.items() if now - when > self.patience]
        for process in silent:
            del self._heard[process]
        return silent
