"""A real pgbouncer before a database."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support import debian
from tests.support.ports import await_connections, free_port
from tests.support.server import DEADLINE


@contextmanager
def program() -> Iterator[list[str] | None]:
    """Give the command that runs it: that on PATH, else Debian's, unpacked while this lasts. None
    where there is neither."""
    if found := shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        yield [found]
        return
    with tempfile.TemporaryDirectory(prefix="collab-pgbouncer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if not debian.unpack("pgbouncer", folder, libraries=("libc-ares", "libevent")):
            yield None
            return
        libraries = ":".join(str(path) for path in folder.glob("usr/lib/*"))
        yield ["env", f"LD_LIBRARY_PATH={libraries}", str(folder / "usr/sbin/pgbouncer")]


@contextmanager
def pooling(pgbouncer: list[str], database_url: str, *options: str) -> Iterator[str]:
    """pgbouncer before the database at this address, which is of a socket; gives its own."""
    parts = urlsplit(database_url)
    place = Path(parse_qs(parts.query)["host"][0])
    owner = place.stat()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="collab-pgbouncer-") as name:
        folder = Path(name)
        os.chown(folder, owner.st_uid, owner.st_gid)
        file = folder / "pgbouncer.ini"
        file.write_text(
            "\n".join(
                [
                    "[databases]",
                    f"* = host={place} port=5432 user=postgres",
                    "[pgbouncer]",
                    "listen_addr = 127.0.0.1",
                    f"listen_port = {port}",
                    "unix_socket_dir =",
                    "auth_type = any",
                    *options,
                ]
            )
        )
        file.chmod(0o644)
        # It refuses to run as root, and only its owner may pass through the socket's folder.
        other = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
        process = subprocess.Popen([*pgbouncer, "-q", file], cwd="/", **other)  # type: ignore[call-overload]
        try:
            await_connections(process, port, DEADLINE)
            yield f"postgresql://postgres@127.0.0.1:{port}{parts.path}"
        finally:
            process.terminate()
            process.wait(DEADLINE)
