"""A folder and a room in step, with a real server and a real disk."""

from __future__ import annotations

import asyncio
import os
import pty
import shutil
import signal
import sys
from functools import partial
from pathlib import Path

import pytest

from collab.client import RoomError, connect
from collab.mirror.mirror import Mirror
from tests.mirror.mirrored import (
    FILES,
    PATIENCE,
    VIM,
    has,
    has_paths,
    mirrored,
    never,
    on_disk,
    reads,
    shown,
    vim,
)
from tests.support.git_client import git
from tests.support.proxy import Proxy
from tests.support.server import Server


async def test_both_sides_are_in_step_whatever_writes(link: str, tmp_path: Path) -> None:
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path):
        await has(tmp_path / "src/app.ts", "let x = 1;\n")
        await has(tmp_path / "main.py", "one\n")
        # In place, by a rename over it, in a new folder, and what is no text.
        (tmp_path / "main.py").write_text("one\ntwo\n")
        await reads(ann, "main.py", "one\ntwo\n")
        (tmp_path / "new.tmp~").write_text("let y = 2;\n")
        (tmp_path / "new.tmp~").rename(tmp_path / "src/app.ts")
        await reads(ann, "src/app.ts", "let y = 2;\n")
        (tmp_path / "a/b").mkdir(parents=True)
        (tmp_path / "a/b/c.txt").write_text("deep\n")
        await reads(ann, "a/b/c.txt", "deep\n")
        (tmp_path / "logo.png").write_bytes(b"\x89PNG\xff")
        await ann.until(lambda: "logo.png" in [node.path for node in ann.nodes])
        # From the room.
        await ann.edit("main.py", "two", "2")
        await has(tmp_path / "main.py", "one\n2\n")
        await ann.write("notes/x.md", "x\n")
        await has(tmp_path / "notes/x.md", "x\n")
        await ann.move("notes/x.md", "y.md")
        await has(tmp_path / "y.md", "x\n")
        await ann.remove("a")
        await on_disk(lambda: not ((tmp_path / "a").exists() or (tmp_path / "notes").exists()))
        # A rename on the disk is one in the room.
        node = ann.find("y.md").id
        (tmp_path / "y.md").rename(tmp_path / "z.md")
        await ann.until(lambda: [n for n in ann.nodes if n.id == node and n.path == "z.md"])
        (tmp_path / "z.md").unlink()
        await ann.until(lambda: "z.md" not in [n.path for n in ann.nodes])


async def test_a_writer_that_has_an_older_text_takes_nothing_back(
    link: str, tmp_path: Path
) -> None:
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path):
        file = tmp_path / "main.py"
        await has(file, "one\n")
        opened = file.read_text()  # an editor has it
        await ann.edit("main.py", "one\n", "one\nfrom Ann\n")
        await has(file, "one\nfrom Ann\n")
        file.write_text("zero\n" + opened)
        await reads(ann, "main.py", "zero\none\nfrom Ann\n")
        await has(file, "zero\none\nfrom Ann\n")


async def test_watchers_that_pass_over_an_exchange_are_told_again(
    link: str, tmp_path: Path
) -> None:
    """That of VS Code says nothing of a file that is added and gone in one moment."""
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path):
        file = tmp_path / "main.py"
        await has(file, "one\n")
        await ann.edit("main.py", "one\n", "two\n")
        await has(file, "two\n")
        written = file.stat().st_mtime_ns
        await on_disk(lambda: file.stat().st_ctime_ns - written > 100_000_000)
        assert file.stat().st_mtime_ns == written


async def test_what_a_second_editor_takes_away_is_kept_aside(link: str, tmp_path: Path) -> None:
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path) as mirror:
        file = tmp_path / "main.py"
        await has(file, "one\n")
        opened = file.read_text()  # by two editors
        await ann.edit("main.py", "one\n", "typed by Ann\none\n")
        await has(file, "typed by Ann\none\n")
        file.write_text(f"{opened}the first\n")
        await has(file, "typed by Ann\none\nthe first\n")
        file.write_text(f"{opened}the second\n")
        await has(file, "typed by Ann\none\nthe second\n")
        await mirror.until_said("main.py: lines that your save took away are kept as .collab/lost")
        assert mirror.kept() == ["the first\n"]


async def test_who_undoes_an_edit_or_checks_out_a_branch_means_it(
    link: str, tmp_path: Path
) -> None:
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path) as mirror:
        file = tmp_path / "main.py"
        await has(file, "one\n")
        file.write_text("one\ntwo\nthree\n")
        await reads(ann, "main.py", "one\ntwo\nthree\n")
        file.write_text("one\n")  # undone, and saved
        await reads(ann, "main.py", "one\n")
        await has(tmp_path / "src/app.ts", "let x = 1;\n")
        git(tmp_path, "init", "--quiet", "--initial-branch=main")
        git(tmp_path, "add", "main.py", "src")
        git(tmp_path, "commit", "--quiet", "--message=main")
        git(tmp_path, "checkout", "--quiet", "-b", "other")
        file.write_text("uno\n")
        (tmp_path / "new.md").write_text("new\n")
        git(tmp_path, "rm", "--quiet", "src/app.ts")
        await reads(ann, "new.md", "new\n")
        git(tmp_path, "add", "main.py", "new.md")
        git(tmp_path, "commit", "--quiet", "--message=other")
        for branch, text in (("main", "one\n"), ("other", "uno\n"), ("main", "one\n")):
            git(tmp_path, "checkout", "--quiet", branch)
            await reads(ann, "main.py", text)
            await has_paths(ann, {"main.py", "src/app.ts" if branch == "main" else "new.md"})
            assert git(tmp_path, "status", "--porcelain") == ""
        assert mirror.kept() == []


@pytest.mark.skipif(shutil.which("vim") is None, reason="there is no vim on this machine")
async def test_vim_saves_in_each_of_its_ways(link: str, tmp_path: Path) -> None:
    """By a backup that is renamed or copied, without one, and with an edit of the room between."""
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path) as mirror:
        file = tmp_path / "main.py"
        await has(file, "one\n")
        node, text = ann.find("main.py").id, "one\n"
        for option in ("backupcopy=no backup", "backupcopy=yes writebackup", "nowritebackup"):
            await vim(file, f"set {option}", "normal ovim", "w")
            text = text.replace("one\n", "one\nvim\n")
            await reads(ann, "main.py", text)
        # One that is open while others type.
        keys, terminal = pty.openpty()
        editor = await asyncio.create_subprocess_exec(
            *VIM, str(file), stdin=terminal, stdout=terminal
        )
        await on_disk(lambda: any(tmp_path.glob(".main.py.sw?")))
        await ann.edit("main.py", "one\n", "one\nfrom Ann\n")
        await has(file, text.replace("one\n", "one\nfrom Ann\n"))
        os.write(keys, b"Goat the end\x1b:w\r")
        await asyncio.to_thread(shown, keys, b"(y/n)?")  # it has changed on the disk
        os.write(keys, b"y")
        await reads(ann, "main.py", text.replace("one\n", "one\nfrom Ann\n") + "at the end\n")
        assert {one.path for one in ann.nodes if one.kind == "file"} == set(FILES)
        assert ann.find("main.py").id == node
        os.write(keys, b"\r:q!\r")
        assert await editor.wait() == 0
        os.close(keys)
        os.close(terminal)
        assert mirror.kept() == []


async def test_what_a_room_cannot_have_stays_on_the_disk(
    shared_server: Server, link: str, tmp_path: Path
) -> None:
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path) as mirror:
        await has(tmp_path / "main.py", "one\n")
        (tmp_path / "MAIN.py").write_text("another\n")
        await mirror.until_said("MAIN.py stays here")
        (tmp_path / os.fsdecode(b"\xff.txt")).write_text("x")
        (tmp_path / "line\nend.txt").write_text("x")
        await mirror.until_said("The room says no")
        os.mkfifo(tmp_path / "pipe.txt")
        with (tmp_path / "huge.bin").open("wb") as huge:
            huge.truncate(1 << 40)
        await mirror.until_said("huge.bin stays here")
        outside = tmp_path.with_name(f"{tmp_path.name}-outside")
        outside.mkdir()
        (tmp_path / "away").symlink_to(outside)
        await ann.write("away/x.txt", "x")
        # All of this changes nothing for the others.
        (tmp_path / "main.py").rename(tmp_path / "kept.py")
        (tmp_path / "MAIN.py").unlink()
        await reads(ann, "kept.py", "one\n")
        (tmp_path / "kept.py").rename(tmp_path / "Kept.py")
        await ann.until(lambda: "Kept.py" in [node.path for node in ann.nodes])
        await ann.write("x" * 251 + ".txt", "long\n")
        await has(tmp_path / ("x" * 251 + ".txt"), "long\n")
        assert not list(outside.iterdir())
        assert {node.path for node in ann.nodes if node.kind == "file"} == {
            "Kept.py", "src/app.ts", "away/x.txt", "x" * 251 + ".txt",
        }  # fmt: skip


async def test_a_folder_that_is_gone_ends_the_mirror_and_removes_nothing(
    link: str, tmp_path: Path
) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    async with connect(link, name="Ann") as ann, connect(link, name="Ann's folder") as room:
        running = asyncio.create_task(Mirror(room, folder, may_remove=never).run())
        await has(folder / "main.py", "one\n")
        await has(folder / "src/app.ts", "let x = 1;\n")
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(OSError, match="room"):
            await asyncio.wait_for(running, PATIENCE)
        assert {node.path for node in ann.nodes} >= set(FILES)


async def test_two_folders_that_disagree_come_to_one_text(link: str, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    async with (
        connect(link, name="Ann") as ann,
        mirrored(link, folders[0]),
        mirrored(link, folders[1]),
    ):
        for folder in folders:
            await has(folder / "main.py", "one\n")
        for folder in folders:
            (folder / "main.py").write_text(f"one\nfrom {folder.name}\n")
            (folder / "both.md").write_text(f"only {folder.name}\n")
        text = await ann.open("main.py")
        await ann.until(lambda: {"from one", "from two"} <= set(text.text.splitlines()))
        await ann.until(lambda: "both.md" in [node.path for node in ann.nodes])
        await on_disk(lambda: all((f / "main.py").read_text() == text.text for f in folders))
        both = await ann.open("both.md")
        await on_disk(lambda: all((f / "both.md").read_text() == both.text for f in folders))
        # Added in one moment, the room has both, one as both_2.md. Else the later is kept aside.
        words = "".join([await ann.read(n.path) for n in ann.nodes if n.path.startswith("both")])
        words += "".join(
            kept.read_text() for f in folders for kept in (f / ".collab").rglob("both.md.*")
        )
        assert "only one" in words
        assert "only two" in words


async def test_what_was_written_while_the_link_was_down_is_sent_once(
    shared_server: Server, link: str, tmp_path: Path
) -> None:
    async with Proxy(shared_server.url) as proxy, connect(link, name="Ann") as ann:
        away = link.replace(shared_server.url, proxy.url)
        async with mirrored(away, tmp_path) as mirror:
            await has(tmp_path / "main.py", "one\n")
            await has(tmp_path / "src/app.ts", "let x = 1;\n")
            proxy.cut()
            await mirror.room.until(lambda: not mirror.room.is_connected)
            (tmp_path / "main.py").write_text("one\nfrom the disk\n")
            (tmp_path / "new.md").write_text("new\n")
            await ann.edit("main.py", "one", "from Ann\none")
            text = await mirror.room.open("main.py")
            await mirror.room.until(lambda: "disk" in text.text)
            proxy.mend()
            await reads(ann, "main.py", "from Ann\none\nfrom the disk\n")
            await has(tmp_path / "main.py", "from Ann\none\nfrom the disk\n")
            await reads(ann, "new.md", "new\n")


async def test_what_both_sides_did_while_no_mirror_ran_is_merged(link: str, tmp_path: Path) -> None:
    async with connect(link, name="Ann") as ann:
        await ann.write("gone.md", "gone\n")
        await ann.write("edited.md", "edited\n")
        await ann.write("moved.md", "moved\n")
        async with mirrored(link, tmp_path):
            for path in ("gone.md", "edited.md", "moved.md"):
                await has(tmp_path / path, f"{path[:-3]}\n")
            await has(tmp_path / "main.py", "one\n")
            await has(tmp_path / "src/app.ts", "let x = 1;\n")
        (tmp_path / "main.py").write_text("one\nfrom the disk\n")
        await ann.edit("main.py", "one", "from Ann\none")
        await ann.remove("src/app.ts")
        (tmp_path / "gone.md").unlink()
        (tmp_path / "edited.md").unlink()
        await ann.edit("edited.md", "edited", "edited since")
        (tmp_path / "moved.md").rename(tmp_path / "here.md")
        node = ann.find("moved.md").id
        async with mirrored(link, tmp_path) as mirror:
            await reads(ann, "main.py", "from Ann\none\nfrom the disk\n")
            await has(tmp_path / "main.py", "from Ann\none\nfrom the disk\n")
            await has(tmp_path / "edited.md", "edited since\n")
            await ann.until(lambda: "gone.md" not in [n.path for n in ann.nodes])
            await ann.until(lambda: [n for n in ann.nodes if (n.id, n.path) == (node, "here.md")])
            await on_disk(lambda: not (tmp_path / "src").exists())
            assert mirror.kept() == []


async def test_a_folder_that_becomes_ignored_stays_on_both_sides(link: str, tmp_path: Path) -> None:
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path):
        await has(tmp_path / "src/app.ts", "let x = 1;\n")
        (tmp_path / ".gitignore").write_text("src/\n")
        await reads(ann, ".gitignore", "src/\n")
        (tmp_path / "next.md").write_text("next\n")
        await reads(ann, "next.md", "next\n")
        assert (tmp_path / "src/app.ts").read_text() == "let x = 1;\n"
        assert "src/app.ts" in [node.path for node in ann.nodes]


async def test_a_folder_is_of_one_room_and_one_mirror(
    shared_server: Server, link: str, tmp_path: Path
) -> None:
    other = f"{shared_server.url}/r/{shared_server.create_room(files=FILES)}"
    async with mirrored(link, tmp_path):
        await has(tmp_path / "main.py", "one\n")
        async with connect(link, name="Bo") as room:
            with pytest.raises(RoomError, match="another mirror"):
                Mirror(room, tmp_path, may_remove=never)
    async with connect(other, name="Bo") as room:
        with pytest.raises(RoomError, match="is a mirror of"):
            Mirror(room, tmp_path, may_remove=never)


async def test_a_folder_with_other_texts_keeps_them_aside(link: str, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("mine\n")
    (tmp_path / ".gitignore").write_text("*.log\nbuild/\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/x.js").write_text("")
    (tmp_path / "a.log").write_text("")
    (tmp_path / "away").symlink_to("/")
    async with connect(link, name="Ann") as ann, mirrored(link, tmp_path) as mirror:
        await has(tmp_path / "main.py", "one\n")
        assert "main.py differs" in await mirror.until_said("differs")
        assert mirror.kept() == ["mine\n"]
        await reads(ann, ".gitignore", "*.log\nbuild/\n")
        assert not {"a.log", "build", "away"} & {node.path for node in ann.nodes}


async def test_a_mass_deletion_is_asked_about(link: str, tmp_path: Path) -> None:
    async with connect(link, name="Ann") as ann:
        for number in range(8):
            await ann.write(f"{number}.txt", "x")
        async with mirrored(link, tmp_path) as mirror:
            await has(tmp_path / "7.txt", "x")
            await has(tmp_path / "main.py", "one\n")
            await has(tmp_path / "src/app.ts", "let x = 1;\n")
            for number in range(8):
                (tmp_path / f"{number}.txt").unlink()
            await mirror.until_said("come back")
            assert mirror.asked
            await has(tmp_path / "7.txt", "x")
            assert "7.txt" in [node.path for node in ann.nodes]


async def test_a_mirror_that_only_reads_sends_nothing_and_loses_nothing(
    link: str, tmp_path: Path
) -> None:
    async with (
        connect(link, name="Ann") as ann,
        mirrored(link, tmp_path, reads_only=True) as mirror,
    ):
        await has(tmp_path / "main.py", "one\n")
        (tmp_path / "main.py").write_text("mine\n")
        await mirror.until_said("read-only")
        await has(tmp_path / "main.py", "one\n")
        assert mirror.kept() == ["mine\n"]
        assert await ann.read("main.py") == "one\n"


async def test_a_dry_run_changes_nothing(link: str, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine\n")
    words: list[str] = []
    async with connect(link, name="Ann's folder") as room:
        mirror = Mirror(room, tmp_path, dry=True, say=words.append, may_remove=never)
        await mirror.step_once()
        assert words == ["mine.md is sent", "main.py comes here", "src/app.ts comes here"]
        assert os.listdir(tmp_path) == ["mine.md"]  # noqa: PTH208
        assert "mine.md" not in [node.path for node in room.nodes]


async def test_the_command_keeps_a_folder_in_step_until_ctrl_c(link: str, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    command = [sys.executable, "-m", "collab", "mirror", link, str(folder), "--name", "Ann"]
    async with asyncio.timeout(PATIENCE), connect(link, name="Bo") as bo:
        dry = await asyncio.create_subprocess_exec(
            *command, "--dry-run", stdout=asyncio.subprocess.PIPE
        )
        said, _ = await dry.communicate()
        assert (dry.returncode, said) == (0, b"main.py comes here\nsrc/app.ts comes here\n")
        # What a script starts in the background would ignore Ctrl-C.
        heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        mirror = await asyncio.create_subprocess_exec(*command, preexec_fn=heeds)
        await has(folder / "main.py", "one\n")
        await bo.until(lambda: "Ann's folder" in [person.name for person in bo.people])
        (folder / "main.py").write_text("two\n")
        await reads(bo, "main.py", "two\n")
        mirror.send_signal(signal.SIGINT)
        assert await mirror.wait() == 130
