"""Attacks by guessing: passwords, names and addresses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from collab.access import passwords
from tests.access.people import PASSWORD, Browser, code, new_name
from tests.support.observed import VERIFIED, observing
from tests.support.server import Server


async def test_an_unknown_name_is_told_by_neither_words_nor_work(database_url: str) -> None:
    names = ["ada", "nobody", "ada@example.com", "nobody@example.com"]
    wrong = {"password": "wrong password"}
    async with observing(database_url) as observed:
        body = {"name": "ada", "password": PASSWORD, "email": "ada@example.com"}
        await observed.ask("POST", "/auth/signup", **body)
        tried = [await observed.ask("POST", "/auth/signin", name=name, **wrong) for name in names]
    status, _, _, work = tried[0]
    assert (status, work.count(VERIFIED)) == (401, 1)
    assert all(one[:3] == tried[0][:3] for one in tried)
    assert {len(one[3]) for one in tried} == {len(work)}
    assert {one[3].count(VERIFIED) for one in tried} == {1}
    assert not passwords.Passwords(1).is_old(passwords._DUMMY), "nor by the time of verifying"


def test_an_address_is_not_told_at_sign_up(one: Server) -> None:
    answers = []
    for _ in range(2):
        body = {"name": new_name(), "password": PASSWORD, "email": "same@example.com"}
        answers.append(Browser(one).post("/auth/signup", body))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Browser(one).sign_in("same@example.com").status_code == 401, "it is not confirmed"


def test_tries_are_counted_over_all_servers(one: Server, other: Server) -> None:
    name = Browser(one).sign_up()
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda n: Browser((one, other)[n % 2]).sign_in(name, f"guess number {n}"), range(16)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 6
    assert int(answers[-1].headers.get("retry-after", "1")) <= 900
    answer = Browser(other).sign_in(name)
    assert (answer.status_code, code(answer)) == (429, "too_many_tries"), "also the right one"


def test_many_accounts_are_not_tried_from_one_network(database_url: str) -> None:
    limit = "--limit-access-tries-network=5"
    with (
        Server(limit, database_url=database_url) as one,
        Server(limit, database_url=database_url) as other,
    ):
        statuses = [Browser((one, other)[n % 2]).sign_in(f"name {n}").status_code for n in range(8)]
    assert statuses == [401] * 5 + [429] * 3


def test_a_password_of_ten_megabytes_is_not_hashed(one: Server) -> None:
    body = {"name": new_name(), "password": "x" * 10_000_000}
    for path in ("/auth/signup", "/auth/signin"):
        answer = Browser(one).post(path, body)
        assert answer.status_code == 413, answer.text
    body["password"] = "x" * 20_000
    assert Browser(one).post("/auth/signin", body).status_code == 400
