"""The domain of pages: the built page and the files that it loads."""

from __future__ import annotations

from typing import Any

from collab.domain import Domain, Parts
from collab.settings import Settings


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415
    from litestar.exceptions import NotFoundException  # noqa: PLC0415

    from collab.pages.controllers import PagesController  # noqa: PLC0415
    from collab.pages.files import STATIC, read_files  # noqa: PLC0415
    from collab.pages.page import Page, Pages  # noqa: PLC0415

    files = read_files(STATIC)
    landing, room = (
        Page(files[name].body(), settings.base_path) for name in ("index.html", "room.html")
    )

    def given(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    return Parts(
        routes=[PagesController],
        dependencies={
            "built_files": given(files),
            "pages": given(Pages(landing, room)),
            "host": given(settings.host),
        },
        errors={NotFoundException: landing.answer_nowhere},
    )


PAGES = Domain("pages", _parts)
