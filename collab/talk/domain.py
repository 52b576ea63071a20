"""The domain of talk: a chat, comments on code, mentions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collab.domain import Domain, Parts
from collab.settings import Settings
from collab.talk.options import TalkLimits, TalkOptions

if TYPE_CHECKING:
    from litestar import Litestar

_MOST_BODY = 256 * 1024
_MESSAGES = "/rooms/{room_id}/messages"


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.live.extension import Extension  # noqa: PLC0415
    from collab.protocol import Edit, Many  # noqa: PLC0415
    from collab.talk import messages  # noqa: PLC0415
    from collab.talk.answers import answer_refused  # noqa: PLC0415
    from collab.talk.controllers import TalkController  # noqa: PLC0415
    from collab.talk.keeping_controller import KeepingController  # noqa: PLC0415
    from collab.talk.mentions_controller import MentionsController  # noqa: PLC0415
    from collab.talk.refusals import Refused  # noqa: PLC0415
    from collab.talk.service import Talks  # noqa: PLC0415

    talks = Talks(settings.options("talk", TalkOptions), settings.options("limit_talk", TalkLimits))

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        talks.begin(app.state.hub, app.state.log.connections)
        yield
        await talks.close()

    return Parts(
        routes=[TalkController, KeepingController, MentionsController],
        dependencies={"talks": Provide(lambda: talks, sync_to_thread=False)},
        errors={Refused: answer_refused},
        bodies={
            _MESSAGES: _MOST_BODY,
            f"{_MESSAGES}/{{number}}": _MOST_BODY,
            f"{_MESSAGES}/{{number}}/accept": 1024,
            "/rooms/{room_id}/threads/{thread}": 1024,
            "/rooms/{room_id}/talk": 1024,
            "/me/mentions": 64 * 1024,
        },
        extension=Extension(
            messages={
                messages.Talk: talks.take_talk,
                messages.Say: talks.take_say,
                messages.EditSay: talks.take_edit,
                messages.Unsay: talks.take_unsay,
                messages.React: talks.take_react,
                messages.Resolve: talks.take_resolve,
                messages.ReadTo: talks.take_read,
                messages.Typing: talks.take_typing,
                messages.Places: talks.take_places,
            },
            needs={
                messages.Talk: "read",
                messages.Say: "comment",
                messages.EditSay: "comment",
                messages.Unsay: "comment",
                messages.React: "comment",
                messages.Resolve: "comment",
                messages.ReadTo: "read",
                messages.Typing: "comment",
                messages.Places: "read",
            },
            kinds=frozenset({Edit, Many}),
            read=talks.read,
            left=talks.left,
            noticed=talks.noticed,
            tick=talks.tick,
        ),
        lifespan=lifespan,
    )


TALK = Domain("talk", _parts, options=TalkOptions, limits=TalkLimits)
