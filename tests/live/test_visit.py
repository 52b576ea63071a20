"""A program without a socket has a change committed in a room that is alive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from collab.errors import ChangeRefused, LogUnavailable, PeerError
from collab.live.addresses import Account
from collab.live.asker import Asker
from collab.live.host import Host, Visitor
from collab.live.limits import ServerLimits
from collab.room.room import Room
from collab.room.state import State
from tests.live.acting import ROOM, a_hub, a_log, come, lose_an_answer
from tests.live.test_pumping import a_host, told
from tests.room.acting import edit, entry
from tests.simulation.log import UNSTORABLE
from tests.support.server import DEADLINE


async def visit(host: Host, revision: int, *components: int | str, file: str = "main") -> str:
    """The text that the first file has right after the change, with its revision."""

    def look(state: State) -> str:
        return f"{state.revision} {state.main.text}"

    visitor = Visitor(Asker(), "tool", Account(ServerLimits(), 0))
    change = edit(*components, file=file)
    async with asyncio.timeout(DEADLINE):
        found, pause = await host.visit(visitor, revision, change, look)
    assert pause == 0
    return found


async def test_a_change_is_committed_and_told_to_everybody_and_nobody_sees_who_came() -> None:
    log = a_log("ab")
    async with a_host(log) as host:
        ann = await come(host, "ann")
        assert await visit(host, 1, 2, "!") == "2 ab!"
        [made] = log.entries(ROOM)[1:]
        assert (made.author, made.seq, made.change) == ("REST API", 1, edit(2, "!"))
        assert told(ann) == [[2, [made.client, 1, "main", [2, "!"]]]]
        assert host.room.count == 1
        assert host.room.visits == {}


async def test_changes_of_several_programs_are_all_committed() -> None:
    log = a_log()
    async with a_host(log) as host:
        texts = await asyncio.gather(*(visit(host, 1, str(n)) for n in range(9)))
        assert sorted(int(text.split()[0]) for text in texts) == list(range(2, 11))
        assert sorted(str(host.room.state.main.text)) == list("012345678")
        assert len({e.client for e in log.entries(ROOM)}) == 10
        assert len({e.person for e in log.entries(ROOM)[1:]}) == 1


async def test_what_is_found_is_the_room_right_after_the_change() -> None:
    log = a_log("ab")
    async with a_host(log) as host:
        log.commit(ROOM, [entry(2, edit("x", 2))])
        assert await visit(host, 1, 2, "!") == "3 xab!"
        assert log.conflicts == 1


async def test_a_program_that_is_behind_is_carried_to_the_head_that_the_log_has() -> None:
    log = a_log("ab")
    async with a_host(log) as host:
        log.commit(ROOM, [entry(2, edit("x", 2))])
        await host.catch_up()
        assert host.room.revision == 2
        assert await visit(host, 1, -2) == "3 x"


@pytest.mark.parametrize("arrives", [False, True])
async def test_a_commit_without_an_answer_is_made_once(
    arrives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = a_log()
    lose_an_answer(log, monkeypatch, arrives=arrives)
    async with a_host(log) as host:
        assert await visit(host, 1, "hi") == "2 hi"
        assert [e.change for e in log.entries(ROOM)[1:]] == [edit("hi")]


@pytest.mark.parametrize("seed", range(12))
async def test_a_log_that_loses_requests_and_answers_has_each_change_once(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.room.pump._FIRST_PAUSE", 0)
    log = a_log()
    log.rng.seed(seed)
    programs = [[f"<{program}.{n}>" for n in range(8)] for program in range(4)]
    words = [word for said in programs for word in said]
    async with a_host(log) as host:
        ann = await come(host, "ann")
        log.chance = 0.3

        async def say(said: list[str]) -> None:
            for word in said:
                await visit(host, host.room.revision, word, host.room.length("main"))

        saying = [asyncio.create_task(say(said)) for said in programs]
        async with asyncio.timeout(DEADLINE):
            while not all(task.done() for task in saying):
                await asyncio.sleep(0)
                if log.late and log.rng.random() < 0.5:
                    log.arrive()
        await asyncio.gather(*saying)
        text = str(host.room.state.main.text)
        assert sorted(text.replace(">", ">\n").split()) == sorted(words)
        assert log.losses
        assert len(log.entries(ROOM)) == 1 + len(words)
        assert sum(len(frame) - 1 for frame in told(ann)) == len(words)
        log.chance = 0


async def test_a_program_that_goes_has_its_change_committed_all_the_same() -> None:
    log = a_log()
    async with a_host(log) as host:
        task = asyncio.create_task(visit(host, 1, "hi"))
        while not host.room.queue:  # noqa: ASYNC110
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await visit(host, 1, "yo") == "3 yohi"


@pytest.mark.parametrize(
    ("file", "word", "code"),
    [("other", "a", "unknown_file"), ("main", UNSTORABLE, "not_storable")],
)
async def test_a_program_is_told_why_the_room_says_no(file: str, word: str, code: str) -> None:
    log = a_log()
    async with a_host(log) as host:
        with pytest.raises(ChangeRefused) as refused:
            await visit(host, 1, word, file=file)
        assert refused.value.refusal.code == code
        assert len(log.entries(ROOM)) == 1
        assert host.room.visits == {}


async def test_a_change_of_no_revision_of_the_room_is_the_programs_mistake() -> None:
    async with a_host(a_log()) as host:
        with pytest.raises(PeerError, match="above the head"):
            await visit(host, 7, "a")
        assert await visit(host, 1, "a") == "2 a"


async def test_a_mistake_of_ours_leaves_no_program_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise AssertionError("a mistake of ours")

    async with a_host(a_log()) as host:
        monkeypatch.setattr(Room, "read", wrong)
        with pytest.raises(LogUnavailable):
            await visit(host, 1, "a")


async def test_a_room_may_stay_a_while_after_who_held_it(monkeypatch: pytest.MonkeyPatch) -> None:
    log = a_log()
    async with a_hub(log) as hub:
        async with hub.room(ROOM, linger=DEADLINE) as first:
            assert first
            await visit(first, 1, "a")
        async with hub.room(ROOM) as again:
            assert again is first
        # Time passes at once.
        monkeypatch.setattr(asyncio.get_running_loop(), "call_later", _soon)
        async with hub.room(ROOM, linger=DEADLINE) as again:
            assert again is first
        first.release()
        async with asyncio.timeout(DEADLINE):
            while hub._hosts:  # noqa: ASYNC110
                await asyncio.sleep(0)


def _soon(_seconds: float, act: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(act)


async def test_of_visits_with_one_key_one_is_committed() -> None:
    log = a_log("ab")
    async with a_host(log) as host:
        visitor = Visitor(Asker(), "tool", Account(ServerLimits(), 0), key="the same")

        def revision(state: State) -> int:
            return state.revision

        found, _ = await host.visit(visitor, 1, edit(2, "!"), revision)
        assert found == 2
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(ChangeRefused) as refused:
                await host.visit(visitor, 1, edit(2, "!"), revision)
        assert refused.value.refusal.code == "in_log"
        assert [e.change for e in log.entries(ROOM)[1:]] == [edit(2, "!")]
        assert host.room.visits == {}
        assert not host.room.refused, "it is no refusal for the metrics"


async def test_a_visit_waits_for_no_other_with_its_key() -> None:
    log = a_log("ab")
    async with a_host(log) as host:
        visitor = Visitor(Asker(), "tool", Account(ServerLimits(), 0), key="the same")
        first = asyncio.create_task(host.visit(visitor, 1, edit(2, "!"), lambda _: None))
        while not host.room.queue:  # noqa: ASYNC110
            await asyncio.sleep(0)
        with pytest.raises(PeerError, match="not settled"):
            await host.visit(visitor, 1, edit(2, "!"), lambda _: None)
        await first
        assert len(log.entries(ROOM)) == 2
