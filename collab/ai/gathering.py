"""Reads the texts of a room that are sent with a question, an edit or a completion."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence

from collab.ai import prompts
from collab.ai.context import Span, candidates, passages
from collab.ai.dialects import Fill, Turn
from collab.ai.endpoint import Endpoint
from collab.ai.errors import Refused
from collab.ai.masking import MASK, hide, is_secret, mask, masked
from collab.ai.schemas import AskBody, BeginLine, CompleteBody, EditBody, PlaceBody
from collab.ai.service import Ai, Asker
from collab.ai.streaming import Material
from collab.errors import PeerError
from collab.live.host import Host
from collab.protocol import Caret
from ot import OperationError

_BEFORE, _AFTER = 6000, 2000
"""Code points around the caret that are sent for a completion."""
_COMPLETION = 128
"""Tokens of a completion."""
_MARKS = " \t>|"
"""Signs that programs put around a line of a source that they print."""
_WORD = re.compile(r"[^\W\d]\w{2,60}")
Texts = Mapping[str, tuple[str, str]]


class Gatherer:
    """Reads one room for one request. Every method raises Refused, and LogUnavailable."""

    def __init__(self, host: Host, ai: Ai, asker: Asker) -> None:
        self._host = host
        self._ai = ai
        self._asker = asker
        self._limits = ai.limits

    async def question(self, data: AskBody, model: Endpoint) -> Material:
        """Gather what a question is about: a part, a file, or the room."""
        self._check_length(data.question)
        words = data.question + data.output
        texts, span, withheld = await self._read(data.place or data.file, words)
        found = await passages(texts, span, words, self._limits.context)
        turns = []
        for turn in data.earlier:
            turns.append(Turn(turn.role, mask(without_lines(turn.text, withheld))))
            await asyncio.sleep(0)
        output = without_lines(data.output, withheld)
        chat = prompts.asking(data.question, found, output, turns, self._limits.answer)
        return Material(chat, BeginLine(model.model, [one.source for one in found]))

    async def edit(self, data: EditBody, model: Endpoint) -> Material:
        """Gather a part of a file that is to be edited, and the file around it."""
        self._check_length(data.instruction)
        texts, span, _ = await self._read(data.place, data.instruction)
        assert span
        text = texts[span.file][1]
        part = text[span.start : span.end]
        if len(part) > self._limits.context // 2:
            words = (
                f"The part has {len(part)} characters; the limit is {self._limits.context // 2}."
            )
            raise Refused("ai_too_large", words)
        if hide(text, span.start, span.end) != part:
            words = "The part has what looks like a secret, which is not sent. Select less."
            raise Refused("ai_secret", words)
        alone = {span.file: texts[span.file]}
        found = await passages(alone, span, data.instruction, self._limits.context)
        chat = prompts.editing(data.instruction, part, found, self._limits.answer)
        begin = BeginLine(model.model, [one.source for one in found], part)
        return Material(chat, begin, lambda text: prompts.without_fence(text, part))

    async def completion(self, data: CompleteBody, model: Endpoint) -> Material:
        """Take the text around the caret, as its person sees it."""
        await self._check_file(data.file)
        await self._check([data.file], data.file)
        position = min(data.cursor_position, len(data.code))
        start = max(0, position - _BEFORE)
        # The caret may stand in a secret, which neither half of it shows.
        hidden = hide(data.code, start, min(len(data.code), position + _AFTER))
        prefix, suffix = hidden[: position - start], hidden[position - start :]
        fill = Fill(masked(prefix), masked(suffix), data.language, _COMPLETION)
        return Material(fill, BeginLine(model.model))

    async def _read(
        self, about: PlaceBody | str | None, words: str
    ) -> tuple[Texts, Span | None, list[str]]:
        """Read the texts that may be sent, by id, with their paths; the part that is asked about;
        and texts of which nothing is sent. Of a file that is asked about, that one alone."""
        whole = isinstance(about, str)
        file = about if isinstance(about, str) else about.file if about else None
        if file is not None:
            await self._check_file(file, about.revision if isinstance(about, PlaceBody) else 0)
        state = self._host.room.state
        files = [file] if file and whole else candidates(state, file, set(_WORD.findall(words)))
        async with self._host.holding(files) as state:
            span = await self._span(about) if isinstance(about, PlaceBody) else None
            texts = {one: (state.path(one), str(state.files[one].text)) for one in files}
        if file and whole:
            span = Span(file, 0, 0)
        withheld = await self._check(files, file)
        kept = [text for one, (_, text) in texts.items() if one in withheld]
        return {one: texts[one] for one in files if one not in withheld}, span, kept

    async def _check(self, files: Collection[str], about: str | None) -> frozenset[str]:
        """Return those of the files that are withheld. Raises Refused where text of the room, of
        the asker or of the file that is asked about is not to be sent."""
        withheld = await self._ai.check(self._asker, files)
        if about in withheld:
            words = "Somebody who has turned AI off has written in this file, so it is not sent."
            raise Refused("ai_withheld", words)
        return withheld

    async def _span(self, place: PlaceBody) -> Span:
        """Carry a part of a file to the head, where the room stays until this returns."""
        try:
            caret = Caret(place.file, place.revision, [(place.start, place.end)])
            [now] = await self._host.carry([caret])
        except PeerError as error:
            raise Refused(error.code, error.message) from error
        except OperationError as error:
            words = "The place does not fit the file at that revision."
            raise Refused("bad_place", words) from error
        [(start, end)] = now.selections
        return Span(place.file, min(start, end), max(start, end))

    async def _check_file(self, file: str, revision: int = 0) -> None:
        """Raise Refused for a file that is not there, or whose name is that of a secret. Reads the
        log where it must have what is not in memory; what others write comes by itself."""
        state = self._host.room.state
        if revision > state.revision or file not in state.files:
            await self._host.catch_up()
            state = self._host.room.state
        if file not in state.files or not state.tree.is_living(file):
            raise Refused("unknown_file", f"There is no file {file} in this room.")
        if is_secret(state.path(file)):
            words = f"{state.path(file)} looks like a file of secrets, so nothing of it is sent."
            raise Refused("ai_secret", words)

    def _check_length(self, question: str) -> None:
        if len(question) > self._limits.question:
            words = f"It has {len(question)} characters; the limit is {self._limits.question}."
            raise Refused("ai_too_large", words)


def without_lines(output: str, texts: Sequence[str]) -> str:
    """Return what a program printed, or a model said, without lines of these texts."""
    if not texts:
        return output
    lines = {line.strip() for text in texts for line in text.split("\n")} - {""}
    return "\n".join(MASK if line.strip(_MARKS) in lines else line for line in output.split("\n"))
