"""The folder of a mirror, without a room."""

from __future__ import annotations

from pathlib import Path

from collab.mirror.disk import Disk


def test_no_path_leads_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link").symlink_to(tmp_path)
    disk = Disk(inside, 1000)
    assert disk.is_ours("a/b.txt")
    for path in (
        "../a",
        "a/../../b",
        "/etc/passwd",
        "link/a",
        ".git/config",
        "",
        "a\\b",
        ".collab/x",
    ):
        assert not disk.is_ours(path), path
