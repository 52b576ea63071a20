"""The people of a world, and everything that they may do."""

from __future__ import annotations

from typing import get_args

from msgspec.structs import replace

from collab.changes.name import SetName
from collab.changes.program import Program, SetProgram
from collab.changes.run import Options, Run
from collab.changes.version import NameVersion, Revert, TakeBack
from collab.protocol import (
    Cause,
    Edit,
    Many,
)
from collab.room.doors import Access, Open
from tests.simulation.going import going_back
from tests.simulation.log import UNSTORABLE
from tests.simulation.nodes import (
    after,
    files_of,
)
from tests.simulation.peers import LANGUAGES
from tests.simulation.scene import ROOM, Scene

CAUSES: tuple[Cause, ...] = (*get_args(get_args(Cause)[0]), Revert(1, "main"), TakeBack("bo", 0))


class People(Scene):
    """The people of a world, who edit, arrange, sleep, reload and go back, connected or not."""

    def _edit(self) -> None:
        """Let a peer edit, connected or not."""
        peer = self.rng.choice(self.peers)
        if not peer.shown:
            return
        file = "other" if self.rng.random() < 0.15 else "main"
        if self.rng.random() < 0.2:
            file = self.rng.choice(files_of(peer.shown)).id
        if not peer.holds(file):
            peer.open(file)
            return
        length = len(peer.text(file))
        chance = self.rng.random()
        if chance < 0.02:
            peer.say(SetName(f"Room {self.rng.randrange(9)}"))
        elif chance < 0.03:
            peer.say(SetProgram(Program(file, [str(self.rng.randrange(9))], stdin=file)))
        elif chance < 0.04:
            at = self.rng.choice([None, self.rng.randint(1, max(1, peer.revision))])
            peer.say(Run(file, Options(at=at)))
        elif chance < 0.05:
            peer.arrange(NameVersion(f"Version {self.rng.randrange(9)}"))
        elif chance < 0.08:
            peer.set_language(file, self.rng.choice(LANGUAGES))
        elif self.typing or chance < 0.84:
            peer.edit(file, self.writer.operation(length))
        elif chance < 0.98:
            peer.take_back(file)
        else:
            peer.edit(file, self.writer.insertion(UNSTORABLE, length))

    def _arrange(self) -> None:
        """Connected or not, somebody changes the tree."""
        peer = self.rng.choice(self.peers)
        if not peer.shown:
            return
        text = self.writer.word() if self.rng.random() < 0.5 else ""
        change = self.gardener.change(peer.shown, text)
        if self.rng.random() > 0.15 or not peer.holds("main"):
            peer.arrange(change)
            return
        second = self.gardener.change(after(peer.shown, change), "")
        edit = Edit("main", self.writer.operation(len(peer.text("main"))))
        cause = self.rng.choice(CAUSES)
        peer.arrange(Many([change, edit, second], cause))

    def _type_plain(self) -> None:
        peer = self.rng.choice(self.plain)
        if peer.text is None or peer.send is None:
            return
        if self.rng.random() < 0.2:
            peer.point(self.rng.random())
        else:
            language = self.rng.choice(LANGUAGES) if self.rng.random() < 0.1 else None
            peer.edit(self.writer.operation(len(peer.text)), language)

    def _point(self) -> None:
        peer = self.rng.choice(self.peers)
        if self.rng.random() < 0.1:
            peer.rename("Name" * self.rng.randint(1, 3))
        elif peer.holds("main"):
            peer.point("main", self.rng.random())

    def _open_or_close(self) -> None:
        """Let a peer open a file that it does not hold, or close one."""
        peer = self.rng.choice(self.peers)
        if files := files_of(peer.shown):
            file = self.rng.choice(files).id
            (peer.close if peer.holds(file) else peer.open)(file)

    def _resend(self) -> None:
        self.rng.choice(self.peers).resend()

    def _reload(self) -> None:
        """Reload a page. Its unacknowledged changes are lost, unless the server has them."""
        peer = self.peers.pop(0)
        for connection in self.connections:
            if connection.peer is peer:
                self._turn_away(connection)
        self.left.append(peer)
        self.peers.append(self._newcomer())

    def _keep(self) -> None:
        """Let a page write its unsent work to its device, which it does after a delay."""
        peer = self.rng.choice(self.peers)
        if peer.shown:
            peer.keep()

    def _restore(self) -> None:
        """Close a page, and let another page continue its record."""
        index = self.rng.randrange(len(self.peers))
        peer = self.peers[index]
        for connection in self.connections:
            if connection.peer is peer:
                self._turn_away(connection)
        self.left.append(peer)
        self.peers[index] = peer.successor()

    def _start_over(self) -> None:
        peer = self.rng.choice(self.peers)
        if peer.send is None:
            peer.start_over()

    def _sleep(self) -> None:
        """Let a machine sleep, perhaps until no process has its room in memory."""
        peer = self.rng.choice(self.peers)
        for connection in self.connections:
            if connection.peer is peer:
                self._turn_away(connection)
        self.asleep.append(peer)

    def _wake(self) -> None:
        if self.asleep:
            self.asleep.pop(0)

    def _forge(self) -> None:
        self.forger.forge(self.rng)

    def _go_back(self) -> None:
        """Let a program restore what was, or take back somebody's work, at some process."""
        ready = [one for one in self.processes if one.up and one.room]
        if not ready:
            return
        process = self.rng.choice(ready)
        assert process.room is not None
        revision = process.room.revision
        if change := going_back(self.rng, ROOM, self.log.entries(ROOM)[:revision]):
            process.visit(
                revision, change, lambda outcome: self.went_back.append((revision, outcome))
            )

    def _regulate(self) -> None:
        """Let the owner change the door, or the role of somebody."""
        rng = self.rng
        access = self.access
        door = access.door
        match rng.randrange(6):
            case 0:
                openings: list[Open] = ["editor", "editor", "viewer", "ask", "none"]
                access = replace(access, door=replace(door, open=rng.choice(openings)))
            case 1:
                access = replace(access, door=replace(door, locked=not door.locked))
            case _:
                who = rng.choice(list(self.log.whos.values()))
                roles = ["none", "viewer", "editor", "editor", "owner"]
                access = replace(access, members={**access.members, who: rng.choice(roles)})
        self._set_access(access)

    def _set_access(self, access: Access) -> None:
        self.access = access
        number = self.log.regulate(ROOM, access)
        self.rings += [(process, 0, number) for process in self.processes]
