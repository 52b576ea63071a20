"""Rooms for programs: join, read, edit, watch, run. README.md begins with a bot.

Nothing here imports the server. What is typed while the link is down is sent once it is back, each
change exactly once.
"""

from collab.client.address import Address, server_of
from collab.client.errors import Busy, NoEntry, NoServer, NotThere, Refused, RoomError, Stale, Taken
from collab.client.events import (
    Added,
    Connected,
    Edited,
    Event,
    Joined,
    Left,
    Moved,
    Person,
    Pointed,
    Removed,
    Replaced,
    Selections,
    Told,
)
from collab.client.remote import Remote
from collab.client.rest import Rest
from collab.client.room import Node, Room, Text, connect
from collab.client.running import Ended, Piece, Run

__all__ = [
    "Added",
    "Address",
    "Busy",
    "Connected",
    "Edited",
    "Ended",
    "Event",
    "Joined",
    "Left",
    "Moved",
    "NoEntry",
    "NoServer",
    "Node",
    "NotThere",
    "Person",
    "Piece",
    "Pointed",
    "Refused",
    "Remote",
    "Removed",
    "Replaced",
    "Rest",
    "Room",
    "RoomError",
    "Run",
    "Selections",
    "Stale",
    "Taken",
    "Text",
    "Told",
    "connect",
    "server_of",
]
