"""`/rooms/{room_id}/search` and `/rooms/{room_id}/replace`."""

from __future__ import annotations

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from collab.live.hub import Hub
from collab.live.lines import NDJSON, streamed
from collab.live.programs import Reader, held_room, room_to_change
from collab.room.log import Log
from collab.search.asking import TooMuch, job_for, normal_replacement, wrong
from collab.search.finder import BadQuery
from collab.search.limits import SearchLimits
from collab.search.replacing import NoReplacement, Replacer
from collab.search.schemas import ReplaceBody, ReplacedBody, SearchBody, UndoBody, UndoneBody
from collab.search.streaming import lines
from collab.search.texts import texts_at
from collab.search.turns import Turns


class SearchController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("search",)

    @post(
        "/search",
        summary="Search all files of a room",
        status_code=200,
        responses={200: ResponseSpec(bytes, media_type=NDJSON, description="Lines of JSON.")},
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "read"},
    )
    async def search(
        self,
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        turns: NamedDependency[Turns],
        search_limits: NamedDependency[SearchLimits],
        room_id: FromPath[str],
        data: JSONBody[SearchBody],
    ) -> Stream:
        """Lines of JSON as they are found: one of `type` "begin" with the revision, one "file" for
        each file with matches, or several where it has very many, and one "end". The search ends
        when the connection does.

        A match has its `start` and `end` in code points from the start of the file, its `line` and
        `column` from 1, and the part of the line around it, in which it goes from `marked` to
        `marked_end`.
        """
        async with held_room(hub, room_id) as host:
            texts = await texts_at(host, reader, data.revision)
        try:
            job = job_for(data.asked(normal_replacement(data.replacement)), texts, search_limits)
            found = lines(job, texts, search_limits, turns, reader.address)
            return await streamed(found)
        except BadQuery as error:
            raise wrong(error) from error

    @post(
        "/replace",
        summary="Replace in all files of a room",
        status_code=200,
        raises=[NotFoundException, NoReplacement, TooMuch, TooManyRequestsException],
        opt={"may": "write"},
    )
    async def replace(
        self,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        reader: NamedDependency[Reader],
        turns: NamedDependency[Turns],
        search_limits: NamedDependency[SearchLimits],
        room_id: FromPath[str],
        data: JSONBody[ReplaceBody],
    ) -> ReplacedBody:
        """Replace all matches of a query, or some of them, in one change: all or none.

        They are the matches of the room at `revision`, or at its head, and the change is merged
        with what others have written since. A request that names a revision changes the room once,
        however often it is sent.
        """
        async with room_to_change(hub, reader, room_id) as host:
            try:
                replacer = Replacer(host, log, reader)
                return await replacer.replace(data, search_limits, turns, reader.address)
            except BadQuery as error:
                raise wrong(error) from error

    @post(
        "/replace/undo",
        summary="Take back a replacement",
        status_code=200,
        raises=[NotFoundException, NoReplacement, TooManyRequestsException],
        opt={"may": "write"},
    )
    async def undo(
        self,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: JSONBody[UndoBody],
    ) -> UndoneBody:
        """Take back the replacement that a revision is, and nothing that others have written since.
        It is taken back once. That can itself be taken back, by its own revision."""
        async with room_to_change(hub, reader, room_id) as host:
            return await Replacer(host, log, reader).undo(data)
