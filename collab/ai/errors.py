"""The errors between a person and a model. No error quotes a prompt, an answer or a key."""

from __future__ import annotations

from collab.errors import PeerError


class ModelFailed(Exception):
    """The model's server did not answer as it should: a stable code, and words for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Refused(PeerError):
    """Nothing is asked of a model; `wait` are the seconds until it may be, where that helps."""

    def __init__(self, code: str, message: str, *, wait: float = 0) -> None:
        super().__init__(code, message)
        self.wait = wait
