"""`/me/mentions`."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get, patch
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.params import JSONBody

from collab.errors import NotSignedIn
from collab.live.who import Who, caller
from collab.talk.mentions import MentionBody
from collab.talk.schemas import SeenBody
from collab.talk.service import Talks

Asked = Request[Any, Any, Any]
_RAISES = [NotAuthorizedException, PermissionDeniedException]


class MentionsController(Controller):
    path = "/me/mentions"
    tags = ("talk",)

    @get(summary="List where I am mentioned", raises=_RAISES)
    async def mentions(self, request: Asked, talks: NamedDependency[Talks]) -> list[MentionBody]:
        """The newest 100 messages that mention you, by the id of a page of yours or by the name
        that you have in the room. Only of rooms that you may read now."""
        who = await _account(request, "read")
        return await talks.mentions.of(who.id)

    @patch(summary="Note that I have seen them", status_code=204, raises=_RAISES)
    async def see(
        self, request: Asked, talks: NamedDependency[Talks], data: JSONBody[SeenBody]
    ) -> None:
        """Those that were said up to `at` are `seen`."""
        who = await _account(request, "account")
        await talks.mentions.see(who.id, data.at)


async def _account(request: Asked, scope: str) -> Who:
    """Return the caller. Raises NotSignedIn, and PermissionDeniedException for a token without the
    scope."""
    who = await caller(request.scope).who()
    if who is None or who.kind == "guest":
        raise NotSignedIn("not_signed_in", "Sign in first.")
    if scope not in who.scopes:
        words = f"This needs the scope {scope}, which you do not have."
        raise PermissionDeniedException(words, extra={"code": "beyond_scope"})
    return who
