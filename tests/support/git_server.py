"""A real Git server on this machine: `git http-backend` behind TLS, and servers that misbehave."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

_NAME, _MAIL = "user.name=Ada", "user.email=ada@example.org"
_SET = ("-c", _NAME, "-c", _MAIL, "-c", "init.defaultBranch=main")


class GitServer:
    """Serves the repositories in a folder at `https://localhost:PORT/NAME`.

    `/redirect/NAME` leads to the same by another name of this machine, `/plain` to plain HTTP,
    `/slow` answers nothing until the server ends. `certificate` is what its clients have to trust.
    """

    def __init__(self, folder: Path, port: int, certificate: Path) -> None:
        self.folder = folder
        self.certificate = certificate
        self.port = port
        self.url = f"https://localhost:{port}"
        self.asked: list[str] = []

    def repository(self, name: str) -> Path:
        path = self.folder / name
        git(self.folder, "init", "--quiet", name)
        return path


def git(folder: Path, *arguments: str) -> str:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *_SET, *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(repository: Path) -> None:
    git(repository, "add", "--all", "--force")
    git(repository, "commit", "--quiet", "--message", "x")


@contextmanager
def serving_git(folder: Path, *, plain: bool = False) -> Iterator[GitServer]:
    """Serve the repositories in a folder until the block ends; `plain` is without TLS."""
    authority = trustme.CA()
    certificate = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            if self.path.startswith("/slow"):
                ended.wait()
            elif self.path.startswith("/redirect/"):
                to = f"https://127.0.0.1:{here.port}{self.path.removeprefix('/redirect')}"
                self._redirect(to)
            elif self.path.startswith("/plain/"):
                self._redirect(f"http://localhost:{here.port}/x")
            else:
                self._backend(b"")

        def do_POST(self) -> None:
            self._backend(self.rfile.read(int(self.headers["content-length"])))

        def _redirect(self, to: str) -> None:
            self.send_response(302)
            self.send_header("location", to)
            self.send_header("content-length", "0")
            self.end_headers()

        def _backend(self, body: bytes) -> None:
            path, _, query = self.path.partition("?")
            answer = subprocess.run(
                ["git", "http-backend"],
                input=body,
                stdout=subprocess.PIPE,
                check=False,
                env=os.environ
                | {
                    "GIT_PROJECT_ROOT": str(folder),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "PATH_INFO": path,
                    "QUERY_STRING": query,
                    "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("content-type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
                },
            ).stdout
            head, _, content = answer.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
            self.send_response(int(headers.pop("Status", "200").split(maxsplit=1)[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Clients go away as they like."""

    server = Server(("127.0.0.1", 0), Handler)
    here = GitServer(folder, server.server_address[1], certificate)
    if plain:
        here.url = f"http://localhost:{here.port}"
    else:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
