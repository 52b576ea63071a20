"""/health, /ready and /metrics: what an operator's machines ask."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest

from collab.store import migrations
from tests.support.clients import OtClient
from tests.support.database import run
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket


def ready(server: Server) -> httpx.Response:
    return httpx.get(f"{server.url}/ready", timeout=DEADLINE)


def alive(server: Server) -> bool:
    answer = httpx.get(f"{server.url}/health", timeout=DEADLINE)
    return bool(answer.json() == {"status": "ok"})


def measured(server: Server, name: str) -> float:
    """The sum of a metric over its labels."""
    text = httpx.get(f"{server.url}/metrics", timeout=DEADLINE).text
    found = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not in {text}"
    return sum(map(float, found))


def test_a_server_with_its_database_and_tables_is_ready(shared_server: Server) -> None:
    answer = ready(shared_server)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "It answers.",
        "migrations": f"The tables are at {migrations.newest()}.",
    }


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("update alembic_version set version_num = '0000'", "The tables are at 0000"),
        ("drop table alembic_version", "There are no tables yet"),
    ],
)
async def test_with_other_tables_it_is_alive_and_not_ready(
    server: Server, sql: str, words: str
) -> None:
    await run(server.database_url, sql)
    answer = ready(server)
    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert words in answer.json()["migrations"]
    assert alive(server)


async def test_when_another_server_is_newer_and_has_added_to_the_tables_it_goes_on(
    server: Server,
) -> None:
    await run(
        server.database_url,
        """
        alter table room add column later text not null default '';
        alter table entry add column later text;
        alter table snapshot add column later int unique;
        create table later ();
        update alembic_version set version_num = '9999';
        """,
    )
    answer = ready(server)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert (
        "The tables are at 9999, which this program does not know" in (answer.json()["migrations"])
    )
    room_id = server.create_room()
    async with OtClient(server.room_url(room_id), "ann") as ann:
        await ann.type("all the same")
        await ann.settled()
    assert server.room(room_id)["code"] == "all the same"


async def test_what_happens_in_rooms_is_measured(server: Server) -> None:
    room_id = server.create_room(initial_code="hello")
    url = server.room_url(room_id)
    async with OtClient(url, "ann") as ann, OtClient(url, "bo") as bo, ot_socket(url) as odd:
        assert measured(server, "collab_sessions") == 2
        assert measured(server, "collab_rooms") == 1
        await ann.type("a")
        await bo.type("b")
        await asyncio.gather(ann.settled(), bo.settled())
        await odd.join("odd")
        await odd.send("submit", seq=1, revision=99, change=["edit", "main", ["x", 7]])
        assert (await odd.receive())["code"] == "unknown_revision"
        assert measured(server, "collab_sessions") == 3
    assert measured(server, "collab_revisions_total") == 2
    for name in ("commit_seconds", "batch_entries", "delivery_seconds", "rebase_revisions"):
        assert measured(server, f"collab_{name}_count") > 0, name
    assert measured(server, "collab_refusals_total") == 1
    assert measured(server, "collab_http_requests_total") > 0


async def test_what_another_process_commits_tells_how_late_it_was_heard(server: Server) -> None:
    room_id = server.create_room()
    with Server(database_url=server.database_url) as other:
        async with OtClient(server.room_url(room_id), "ann") as ann:
            async with OtClient(other.room_url(room_id), "bo") as bo:
                await bo.type("far away")
            await ann.sees("far away")
        assert measured(server, "collab_doorbell_lag_seconds_count") > 0


def test_no_room_can_be_entered_with_what_metrics_tell(shared_server: Server) -> None:
    room_id = shared_server.create_room(initial_code="top secret")
    shared_server.room(room_id)
    text = httpx.get(f"{shared_server.url}/metrics", timeout=DEADLINE).text
    assert "collab_http_requests_total" in text
    assert room_id not in text
    assert "secret" not in json.dumps(text)


def test_every_metric_that_the_readme_names_is_there(shared_server: Server) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(collab_[a-z_]+)`", readme))
    assert len(named) > 8
    text = httpx.get(f"{shared_server.url}/metrics", timeout=DEADLINE).text
    for name in named:
        assert f"# TYPE {name} " in text
