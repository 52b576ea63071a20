"""`/`, `/r/{room_id}`, and the files they load."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from litestar import Controller, HttpMethod, Request, Response, get, route
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from collab.pages.files import File, respond
from collab.pages.lan import lan_address
from collab.pages.page import Page

Files = NamedDependency[dict[str, File]]
_READ = (HttpMethod.GET, HttpMethod.HEAD)


class PagesController(Controller):
    include_in_schema = False

    @route(["/", "/r/{room_id:str}"], http_method=_READ)
    async def index(
        self, request: Request[Any, Any, Any], page: NamedDependency[Page]
    ) -> Response[str]:
        """The one page; what it shows is decided by its address, in the browser."""
        return page.respond(request)

    @route(["/assets/{path:path}", "/docs-assets/{path:path}"], http_method=_READ)
    async def asset(self, request: Request[Any, Any, Any], files: Files) -> Response[bytes]:
        return self._file(request, files)

    @route(["/favicon.svg", "/theme.js", "/robots.txt"], http_method=_READ)
    async def root_file(self, request: Request[Any, Any, Any], files: Files) -> Response[bytes]:
        return self._file(request, files)

    @get("/lan")
    async def lan(
        self, request: Request[Any, Any, Any], host: NamedDependency[str]
    ) -> dict[str, str | None]:
        """The address to share in place of "localhost", told to this machine alone."""
        client = request.client.host if request.client else ""
        return {"address": lan_address(host) if _is_here(client) else None}

    def _file(self, request: Request[Any, Any, Any], files: Files) -> Response[bytes]:
        file = files.get(request.url.path.removeprefix("/"))
        if file is None:
            raise NotFoundException("File not found")
        return respond(request, file)


def _is_here(client: str) -> bool:
    """Whether a peer is a program of this machine."""
    try:
        return ip_address(client).is_loopback
    except ValueError:
        return False
