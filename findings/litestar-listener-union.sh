#!/usr/bin/env bash
# litestar 2.25.0: a websocket_listener that is annotated with a tagged union of msgspec structs
#
# Guess: the handler gets a struct, as an HTTP handler with the same annotation does, and what is malformed is
#        refused.
# Saw:   the handler gets whatever JSON there was, as dicts and lists; nothing is validated.
# So:    Collab's sockets take text and decode it with a msgspec decoder of their own.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with litestar==2.25.0 msgspec==0.22.0 httpx==0.28.1
seen=$(python -W ignore - <<'PY'
from typing import Union

import msgspec
from litestar import Litestar, websocket_listener
from litestar.testing import TestClient

class Join(msgspec.Struct, tag="join"):
    revision: int

class Leave(msgspec.Struct, tag="leave"):
    pass

@websocket_listener("/")
async def listen(data: Union[Join, Leave]) -> str:
    return type(data).__name__

with TestClient(Litestar([listen])) as client, client.websocket_connect("/") as socket:
    socket.send_json({"type": "join", "revision": 1})
    print(socket.receive_text())
    socket.send_json({"type": "nonsense"})
    print(socket.receive_text())
PY
)
expect "a join arrives as" "$(sed -n 1p <<<"$seen")" "dict"
expect "nonsense arrives as" "$(sed -n 2p <<<"$seen")" "dict"
