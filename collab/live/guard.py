"""Drops a room from memory when a call into it fails by a mistake of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from collab.errors import LogError, PeerError

P = ParamSpec("P")


class Guard:
    """Stands before a room: every call that may change the room goes through `enter`.

    An error there that is not the peer's is a mistake of ours and may leave the room half changed.
    So the guard drops the room: no call enters it again, and `on_drop` is called, once, while the
    error is being handled.
    """

    def __init__(self, on_drop: Callable[[], None]) -> None:
        self.dropped = False
        self._on_drop = on_drop

    def enter(self, act: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Call something that may change the room. Returns False when the room is dropped.

        Raises PeerError, which the room raises before it changes anything, and LogError.
        """
        if self.dropped:
            return False
        try:
            act(*args, **kwargs)
        except (PeerError, LogError):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the log is still right
            self.drop()
            return False
        return True

    def drop(self) -> None:
        """Drop the room because of the error being handled."""
        if not self.dropped:
            self.dropped = True
            self._on_drop()
