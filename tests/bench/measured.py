"""Shared parts of the page's benchmarks: a server and a browser, and rows of a table."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from msgspec import Struct
from playwright.async_api import Browser, async_playwright

from collab.postgres import embedded
from tests.browser import chromium
from tests.support.server import Server


class Row(Struct, frozen=True):
    """Something measured, and what it may be."""

    name: str
    value: float
    unit: str
    budget: float

    def __str__(self) -> str:
        verdict = "" if self.value <= self.budget else "  over"
        return f"{self.name:<52} {self.value:>9.2f} {self.budget:>9.2f} {self.unit}{verdict}"


@contextmanager
def serving(*arguments: str) -> Iterator[Server]:
    """A server with these arguments, on an embedded PostgreSQL of its own."""
    with (
        # PostgreSQL may still be stopping when the folder goes.
        tempfile.TemporaryDirectory(prefix="collab-page-", ignore_cleanup_errors=True) as folder,
        embedded.running(Path(folder) / "data") as database,
        Server(*arguments, database_url=database.url) as server,
    ):
        yield server


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        yield browser
        await browser.close()


def table(rows: Sequence[Row]) -> str:
    head = f"{'':<52} {'measured':>9} {'budget':>9}"
    return "\n".join([head, *map(str, rows)])
