"""Serves the pages `/` and `/r/{room_id}`, and the files that they load."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

from litestar import Controller, HttpMethod, Request, Response, get, route
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from collab.pages.files import File, respond
from collab.pages.lan import lan_address
from collab.pages.page import Pages

Files = NamedDependency[dict[str, File]]
_ROOM_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_READ = (HttpMethod.GET, HttpMethod.HEAD)


class PagesController(Controller):
    include_in_schema = False

    @route("/", http_method=_READ)
    async def landing(
        self, request: Request[Any, Any, Any], pages: NamedDependency[Pages]
    ) -> Response[str]:
        return pages.landing.respond(request)

    @route(["/r/{room_id:str}", "/r/{room_id:str}/{file:path}"], http_method=_READ)
    async def room(
        self, request: Request[Any, Any, Any], room_id: FromPath[str], pages: NamedDependency[Pages]
    ) -> Response[str]:
        """Answer with a room's page, which finds out whether the room and the named file exist."""
        if not _ROOM_ID.fullmatch(room_id):
            return pages.landing.respond(request)
        return pages.room.respond(request, early=f"/rooms/{room_id.lower()}/opening")

    @route("/shell", http_method=_READ)
    async def shell(
        self, request: Request[Any, Any, Any], pages: NamedDependency[Pages]
    ) -> Response[str]:
        """Answer with the page of any room, which a service worker keeps."""
        return pages.room.respond(request)

    @route(["/assets/{path:path}", "/docs-assets/{path:path}"], http_method=_READ)
    async def asset(self, request: Request[Any, Any, Any], built_files: Files) -> Response[bytes]:
        return self._file(request, built_files)

    @route(["/favicon.svg", "/first.js", "/sw.js", "/robots.txt"], http_method=_READ)
    async def root_file(
        self, request: Request[Any, Any, Any], built_files: Files
    ) -> Response[bytes]:
        return self._file(request, built_files)

    @get("/lan")
    async def lan(
        self, request: Request[Any, Any, Any], host: NamedDependency[str]
    ) -> dict[str, str | None]:
        """Return the address to share instead of "localhost". Answers only to this machine."""
        client = request.client.host if request.client else ""
        return {"address": lan_address(host) if _is_here(client) else None}

    def _file(self, request: Request[Any, Any, Any], built_files: Files) -> Response[bytes]:
        file = built_files.get(request.url.path.removeprefix("/"))
        if file is None:
            raise NotFoundException("File not found")
        return respond(request, file)


def _is_here(client: str) -> bool:
    """Return whether a peer is a program on this machine."""
    try:
        return ip_address(client).is_loopback
    except ValueError:
        return False
