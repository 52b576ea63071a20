#!/usr/bin/env bash
# wsproto 1.3.2, and what websockets 16.0 writes: a ping between the frames of a compressed message
#
# Guess: control frames may come between the frames of a message (RFC 6455, 5.4) and change nothing about it; so it is
#        without compression.
# Saw:   the ping ends the message's being compressed: what follows it is taken as it is, as text. The connection is
#        closed for the bytes' not being UTF-8, or the wrong text is given out, as one likes. websockets reads the same
#        bytes as they were meant.
# So:    Collab's sockets offer no compression.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with wsproto==1.3.2 websockets==16.0
cat >run.py <<'PY'
import sys

from websockets.extensions.permessage_deflate import PerMessageDeflate as Deflate
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request
from wsproto.extensions import PerMessageDeflate

message = [
    Frame(Opcode.TEXT, b"hello ", fin=False),
    Frame(Opcode.PING, b""),
    Frame(Opcode.CONT, b"world"),
]
if sys.argv[2] == "whole":
    del message[1]
compressed = sys.argv[1] == "compressed"
writing = [Deflate(False, False, 15, 15)] if compressed else []
data = b"".join(frame.serialize(mask=True, extensions=writing) for frame in message)

ours = [PerMessageDeflate()] if compressed else []
server, client = WSConnection(ConnectionType.SERVER), WSConnection(ConnectionType.CLIENT)
server.receive_data(client.send(Request(host="host", target="/", extensions=ours)))
list(server.events())
server.send(AcceptConnection(extensions=ours))
server.receive_data(data)
events = list(server.events())
text = "".join(event.data for event in events if hasattr(event, "data"))
print(*(type(event).__name__ for event in events), repr(text))

stream, reading, read = StreamReader(), [Deflate(False, False, 15, 15)] if compressed else [], b""
stream.feed_data(data)
for _ in message:
    parsing = Frame.parse(stream.read_exact, mask=True, extensions=reading)
    try:
        next(parsing)
    except StopIteration as parsed:
        read += parsed.value.data
print(read.decode())
PY
expect "without a ping" "$(python run.py compressed whole | tr '\n' ' ')" \
    "TextMessage TextMessage 'hello world' hello world "
expect "without compression" "$(python run.py plain parted | tr '\n' ' ')" \
    "TextMessage Ping TextMessage 'hello world' hello world "
expect "with both" "$(python run.py compressed parted | tr '\n' ' ')" \
    "TextMessage Ping CloseConnection 'hello ' hello world "
