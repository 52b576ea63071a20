"""Clients over a list as the log: they converge, whatever the delays."""

from __future__ import annotations

import random

import pytest

from ot import Client, Operation, OperationError, transform


class Wire:
    """A log, and how far each client has read it."""

    def __init__(self, text: str, clients: int) -> None:
        self.log: list[tuple[Client, Operation]] = []
        self.clients = [Client(text) for _ in range(clients)]
        self.sent: dict[Client, tuple[int, Operation]] = {}
        self.visible = dict.fromkeys(self.clients, text)

    def edit(self, client: Client, operation: Operation) -> None:
        self.visible[client] = operation.apply(self.visible[client])
        self._send(client, client.edit(operation))

    def commit(self, client: Client) -> None:
        """The server takes what this client has sent."""
        revision, operation = self.sent.pop(client)
        for _, committed in self.log[revision:]:
            operation = transform(committed, operation)[1]
        self.log.append((client, operation))

    def deliver(self, client: Client) -> None:
        """The client reads its next entry."""
        author, operation = self.log[client.revision]
        if author is client:
            self._send(client, client.acknowledged())
        else:
            seen = client.receive(operation)
            self.visible[client] = seen.apply(self.visible[client])

    def settle(self) -> None:
        while self.sent or any(c.revision < len(self.log) for c in self.clients):
            for client in self.clients:
                if client in self.sent:
                    self.commit(client)
                while client.revision < len(self.log):
                    self.deliver(client)

    def _send(self, client: Client, operation: Operation | None) -> None:
        if operation is not None:
            self.sent[client] = (client.revision, operation)


@pytest.mark.parametrize("seed", range(150))
def test_clients_converge(seed: int) -> None:
    rng = random.Random(seed)
    wire = Wire("shared 🪐 text\n", clients=3)
    for _ in range(60):
        client = rng.choice(wire.clients)
        match rng.randrange(3):
            case 0:
                wire.edit(client, random_edit(rng, len(wire.visible[client])))
            case 1 if client in wire.sent:
                wire.commit(client)
            case _ if client.revision < len(wire.log):
                wire.deliver(client)
        assert client.text == wire.visible[client]
    wire.settle()
    assert len({client.text for client in wire.clients}) == 1
    assert len(set(wire.visible.values())) == 1


def test_what_is_typed_in_flight_waits_as_one_operation() -> None:
    client = Client("")
    assert client.edit(Operation(["a"])) == Operation(["a"])
    assert client.edit(Operation([1, "b"])) is None
    assert client.edit(Operation([2, "c"])) is None
    assert client.text == "abc"
    assert client.acknowledged() == Operation([1, "bc"])
    assert client.acknowledged() is None
    assert (client.revision, client.committed) == (2, "abc")


def test_a_refused_operation_leaves_and_what_was_typed_after_it_stays() -> None:
    client = Client("one two")
    client.edit(Operation([4, "BIG ", 3]))
    client.edit(Operation([11, "!"]))
    assert client.text == "one BIG two!"
    undo, following = client.refused()
    assert undo.apply("one BIG two!") == client.text == "one two!"
    assert following == client.in_flight == Operation([7, "!"])
    assert client.acknowledged() is None
    assert client.text == "one two!"


def test_a_refused_deletion_comes_back_as_far_as_nobody_else_deleted_it() -> None:
    client = Client("abcd")
    client.edit(Operation([1, -2, 1]))
    client.receive(Operation([2, -1, 1]))
    undo, _ = client.refused()
    assert undo.apply("ad") == client.text == "abd"


def test_nothing_in_flight_cannot_be_acknowledged_or_refused() -> None:
    for call in (Client("").acknowledged, Client("").refused):
        with pytest.raises(OperationError, match="nothing is in flight at revision 0"):
            call()


def test_an_edit_of_another_text_is_an_error() -> None:
    client = Client("abc")
    with pytest.raises(OperationError, match="spans 2 code points, the text has 3"):
        client.edit(Operation([2]))


def random_edit(rng: random.Random, length: int) -> Operation:
    at = rng.randint(0, length)
    gone = rng.randint(0, min(3, length - at)) if rng.random() < 0.4 else 0
    typed = rng.choice(["x", "yz", "🙂", "\n", ""]) if gone else rng.choice(["x", "yz", "🙂"])
    middle: list[int | str] = [typed, -gone] if rng.random() < 0.5 else [-gone, typed]
    return Operation([at, *middle, length - at - gone])
