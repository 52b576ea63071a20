"""Addresses of one Redis, of Sentinels and of clusters."""

from __future__ import annotations

import pytest

from collab.live.redis_address import Servers, parse


@pytest.mark.parametrize("address", ["redis://a", "rediss://u:p@[::1]:7/3", "unix:///run/redis"])
def test_one_server_has_the_address_that_its_client_knows(address: str) -> None:
    assert parse(address) == address


@pytest.mark.parametrize(
    ("address", "servers"),
    [
        (
            "redis+sentinel://a,b:1,[::1]:2/rooms",
            Servers("sentinel", (("a", 26379), ("b", 1), ("::1", 2)), service="rooms"),
        ),
        (
            "rediss+sentinel://a:p%40@a:1/my%20rooms/3?sentinel_password=a@%26",
            Servers("sentinel", (("a", 1),), True, "a", "p@", "my rooms", 3, "a@&"),
        ),
        ("redis+cluster://:p@a,b:1", Servers("cluster", (("a", 6379), ("b", 1)), password="p")),
        ("rediss+cluster://a/", Servers("cluster", (("a", 6379),), tls=True)),
    ],
)
def test_several_servers_are_read(address: str, servers: Servers) -> None:
    assert parse(address) == servers


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("redis://a:b", "Port could not be cast"),
        ("redis+sentinel://a:b/rooms", "Port could not be cast"),
        ("redis+sentinel:///rooms", "'' is no HOST:PORT"),
        ("redis+sentinel://a,,b/rooms", "'' is no HOST:PORT"),
        ("redis+sentinel://a", "the path is /SERVICE or /SERVICE/DATABASE"),
        ("redis+sentinel://a/rooms/1/2", "the path is /SERVICE or /SERVICE/DATABASE"),
        ("redis+sentinel://a/rooms/x", "the database 'x' is not a number"),
        ("redis+sentinel://a/rooms?db=1", "'db' is not known"),
        ("redis+cluster://a/1", "a cluster has no databases"),
        ("redis+cluster://a?sentinel_password=x", "'sentinel_password' is not known"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(address)
