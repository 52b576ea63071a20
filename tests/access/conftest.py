"""Servers of one site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collab.postgres import embedded
from tests.support.database import made_database
from tests.support.server import Server

MANY = ("--limit-access-sign-ups=100000", "--limit-access-tries-network=100000")


@pytest.fixture(scope="session")
def site(postgres: embedded.Server, template: str) -> Iterator[tuple[Server, Server]]:
    """Two servers on one database, which have seen each other and nobody else."""
    with (
        made_database(postgres, template) as url,
        Server(*MANY, database_url=url) as one,
        Server(*MANY, database_url=url) as other,
    ):
        yield one, other


@pytest.fixture
def one(site: tuple[Server, Server]) -> Server:
    return site[0]


@pytest.fixture
def other(site: tuple[Server, Server]) -> Server:
    return site[1]
