"""A real nginx, with the configuration that operators are given."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.support import debian
from tests.support.ports import await_connections, free_port
from tests.support.server import DEADLINE

CONFIGURATION = Path(__file__).parents[2] / ".docker/nginx.conf"


def executable() -> str | None:
    """The one on PATH, else Debian's, installed where this process may; None if there is none."""
    if found := _on_path():
        return found
    debian.install("nginx-light")
    return _on_path()


@contextmanager
def balancing(nginx: str, urls: Sequence[str], folder: Path) -> Iterator[str]:
    """nginx before servers at these addresses, two of them; gives its own address."""
    text = CONFIGURATION.read_text()
    for name, url in zip(("172.28.0.11:8000", "172.28.0.12:8000"), urls, strict=True):
        assert text.count(f"server {name}") == 1
        text = text.replace(name, urlsplit(url).netloc)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text, listens = re.subn(r"listen 80;", f"listen 127.0.0.1:{port};", text)
    assert listens == 1
    with _running(nginx, text, folder, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def below(nginx: str, url: str, folder: Path, *, base: str, strips: bool) -> Iterator[str]:
    """nginx that has the server at this address below a path, which it takes off or leaves; gives
    the address of that path."""
    port = free_port()
    text = f"""
        events {{}}
        http {{
            server {{
                listen 127.0.0.1:{port};
                location {base}/ {{
                    proxy_pass {url}{"/" if strips else ""};
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection upgrade;
                }}
            }}
        }}
    """
    with _running(nginx, text, folder, port):
        yield f"http://127.0.0.1:{port}{base}"


@contextmanager
def _running(nginx: str, text: str, folder: Path, port: int) -> Iterator[None]:
    file = folder / "nginx.conf"
    file.write_text(_alone(text, folder))
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(file)])
    try:
        await_connections(process, port, DEADLINE)
        yield
    finally:
        process.terminate()
        process.wait(DEADLINE)


def _on_path() -> str | None:
    # Where Debian has it is not on everybody's PATH.
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _alone(text: str, folder: Path) -> str:
    """In the foreground, as this user, with files in a folder of its own."""
    first = f"daemon off;\npid {folder}/pid;\nuser {getpass.getuser()};\n"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)
    return first + text.replace("http {", f"http {{\n{places}", 1)
