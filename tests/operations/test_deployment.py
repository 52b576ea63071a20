"""The files that operators start from: the image, the compose file, the load balancer."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from collab import options
from tests.support import nginx
from tests.support.crowd import crowd
from tests.support.server import DEADLINE, Server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def nginx_program() -> str:
    found = nginx.executable()
    if found is None:
        pytest.skip("nginx is neither here nor can it be installed by this user")
    return found


async def test_behind_nginx_people_are_on_any_server_and_outlive_the_restart_of_one(
    server: Server, nginx_program: str, tmp_path: Path
) -> None:
    room_id = server.create_room()
    with (
        Server(database_url=server.database_url) as other,
        nginx.balancing(nginx_program, [server.url, other.url], tmp_path) as url,
    ):
        room = f"ws{url.removeprefix('http')}/ws/{room_id}"
        async with crowd(lambda: room, 4, plain=1) as people:
            async with people.typing():
                await people.acknowledges(5)
                await asyncio.to_thread(server.terminate)
                await people.acknowledges(5)
                await asyncio.to_thread(server.start)
                await people.acknowledges(5)
            await people.agrees(server.database_url, room_id, [server.url, other.url])


def test_nginx_passes_on_what_servers_need_and_hides_what_is_for_operators(
    shared_server: Server, nginx_program: str, tmp_path: Path
) -> None:
    servers = [shared_server.url, shared_server.url]
    with nginx.balancing(nginx_program, servers, tmp_path) as url:
        large = {"initial_code": "\x01" * 2 * 1024 * 1024}
        answer = httpx.post(f"{url}/rooms", json=large, timeout=DEADLINE)
        assert answer.status_code == 201, "a text of the limit, all of it escaped, gets through"
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"]), "nginx's"
        assert httpx.get(f"{url}/", timeout=DEADLINE).status_code == 200
        for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics//"):
            assert httpx.get(f"{url}{path}", timeout=DEADLINE).status_code == 404, path


def test_the_servers_of_the_compose_file_are_those_of_the_balancer(compose: Any) -> None:
    services = compose["services"]
    addresses = {
        name: service["networks"]["default"]["ipv4_address"]
        for name, service in services.items()
        if name.startswith("server-")
    }
    assert len(addresses) > 1
    upstream = re.findall(r"^ *server ([\d.]+):8000", nginx.CONFIGURATION.read_text(), re.MULTILINE)
    assert upstream == list(addresses.values())
    proxy = services["balancer"]["networks"]["default"]["ipv4_address"]
    for name in addresses:
        assert services[name]["environment"]["COLLAB_TRUSTED_PROXIES"] == f"{proxy}/32"


def test_the_compose_file_sets_what_there_is_and_takes_no_privileges(compose: Any) -> None:
    for name, service in compose["services"].items():
        assert "privileged" not in service
        assert not service.get("cap_add")
        if name.startswith("server-"):
            settings = options.read([], service["environment"])
            assert settings.database_url
            assert settings.redis_url == "redis://redis"
            assert settings.trusted_proxies


def test_what_the_image_is_made_by_makes_a_server_that_needs_no_checkout(tmp_path: Path) -> None:
    """No container engine is asked for: the steps of the Dockerfile are run here, in folders."""
    source = tmp_path / "src"
    source.mkdir()
    build, final = stages((ROOT / "Dockerfile").read_text())
    # What is made outside /src is what the final stage copies.
    made = re.findall("--from=build (/[a-z]+)", "\n".join(words for _, words in final))
    assert "/app" in made
    for instruction, words in build[2:]:  # uv is here
        if instruction == "COPY":
            *names, target = shlex.split(words)
            for name in names:
                copy(ROOT / name, source / target / name if target == "./" else source / target)
        elif instruction == "RUN":
            here = re.sub(rf"(?<= )({'|'.join(made)})\b", rf"{tmp_path}\1", words)
            subprocess.run(here, shell=True, check=True, cwd=source)
    values = dict(pair.split("=", 1) for pair in shlex.split(dict(final)["ENV"]))
    settings = options.read([], values)
    assert (settings.host, settings.data_dir) == ("0.0.0.0", Path("/data"))
    assert Path(f"{tmp_path}{values['COLLAB_COMPLETION_TSC']}").is_file()
    examined = subprocess.run(
        [tmp_path / "app/bin/collab", "doctor", "--port=0", "--data-dir", str(tmp_path / "none")],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "ok    page        It is built." in examined.stdout


def stages(dockerfile: str) -> list[list[tuple[str, str]]]:
    """The instructions of each stage."""
    text = re.sub(r"^#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
    found: list[list[tuple[str, str]]] = []
    for line in filter(None, text.splitlines()):
        instruction, _, words = line.partition(" ")
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, " ".join(words.split())))
    return found


def copy(source: Path, target: Path) -> None:
    """Copy the files that .dockerignore lets through."""
    if source.is_dir():
        built = shutil.ignore_patterns("__pycache__", "node_modules", "static")
        shutil.copytree(source, target, ignore=built)
    else:
        shutil.copy(source, target)
