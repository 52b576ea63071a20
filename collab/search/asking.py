"""Asks what a request has for, within the limits, and says in words what stands against it."""

from __future__ import annotations

from litestar.exceptions import HTTPException, ValidationException

from collab.room.plain import normalise
from collab.search.finder import BadQuery, Query
from collab.search.limits import SearchLimits
from collab.search.messages import Job, Stopped
from collab.search.schemas import Stop
from collab.search.texts import RoomTexts

_MOST_PATTERNS = 100
_CODES: dict[str, Stop] = {
    "matches": "too_many_matches",
    "time": "too_slow",
    "memory": "too_much_memory",
}


class TooMuch(HTTPException):
    """A replacement that reaches a limit. Nothing is replaced."""

    status_code = 422


def job_for(query: Query, texts: RoomTexts, limits: SearchLimits, most_inserted: int = 0) -> Job:
    """The job of a search; with `most_inserted`, of a replacement. Raises BadQuery."""
    _check(query, limits)
    whole = bool(most_inserted)
    most = most_inserted or 10**9
    return Job(query, texts.paths, texts.assets, limits.matches, most, limits.seconds, whole)


def _check(query: Query, limits: SearchLimits) -> None:
    if not query.text:
        raise BadQuery("query", "There is nothing to search for.")
    if len(query.text) > limits.query:
        words = f"The query has {len(query.text)} characters; the limit is {limits.query}."
        raise BadQuery("query", words)
    for key, patterns in (("include", query.include), ("exclude", query.exclude)):
        if len(patterns) > _MOST_PATTERNS or any(len(one) > limits.query for one in patterns):
            words = f"The limit is {_MOST_PATTERNS} patterns of {limits.query} characters."
            raise BadQuery(key, words)


def normal_replacement(text: str | None) -> str | None:
    """A replacement with LF as its only line end. Raises BadQuery."""
    try:
        return None if text is None else normalise(text)
    except ValueError as error:
        raise BadQuery("replacement", str(error)) from error


def wrong(error: BadQuery) -> ValidationException:
    return ValidationException(extra=[{"key": error.key, "message": error.words}])


def stop_of(stopped: Stopped, texts: RoomTexts, limits: SearchLimits) -> tuple[Stop, str]:
    """The code and words of a search that ended early."""
    code = _CODES.get(stopped.why, "too_many_matches")
    where = "" if stopped.file is None else f" It got as far as {texts.paths[stopped.file]}."
    if code == "too_slow":
        return code, f"The search takes more than the {limits.seconds:g} s that it may.{where}"
    if code == "too_much_memory":
        return code, f"The search takes more memory than it may.{where}"
    return code, f"There are more than {limits.matches} matches, the limit; these come first."
