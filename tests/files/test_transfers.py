"""The transfers that an address has at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from litestar.exceptions import TooManyRequestsException

from collab.live.transfers import Transfers


async def pieces() -> AsyncIterator[bytes]:
    for piece in (b"1", b"2", b"3"):
        yield piece


async def test_an_address_has_no_more_at_once_than_it_may() -> None:
    transfers = Transfers(1)
    first = await transfers.begin("ann", pieces())
    with pytest.raises(TooManyRequestsException, match="The limit is 1 imports and exports"):
        await transfers.begin("ann", pieces())
    await transfers.begin("bo", pieces())
    assert [piece async for piece in first] == [b"1", b"2", b"3"]
    await transfers.begin("ann", pieces())


async def test_one_that_is_given_up_counts_no_more() -> None:
    transfers = Transfers(1)
    with pytest.raises(ZeroDivisionError), transfers.one("ann"):
        raise ZeroDivisionError
    async with aclosing(transfers._counted("ann", pieces())) as counted:  # type: ignore[type-var]
        assert await anext(counted) == b"1"
    with transfers.one("ann"):
        pass
