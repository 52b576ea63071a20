"""The services that Collab is compared with: pinned in service_peers/, installed on first use."""

from __future__ import annotations

import shutil
from pathlib import Path

from frontend import npm
from tests.bench.engine_install import InstallError, present, run

__all__ = ["PEERS", "InstallError", "installed", "node_peers"]

PEERS = Path(__file__).with_name("service_peers")
_NODE = PEERS / "node_modules"
_WANTED = PEERS / "package-lock.json"


def installed() -> bool:
    return present(_NODE, _WANTED)


def node_peers() -> dict[str, str]:
    """Install them. Returns the environment to run them in. Raises InstallError."""
    try:
        command, environment = npm._npm()
    except npm.NpmError as error:
        raise InstallError(str(error)) from error
    if not installed():
        run([*command, "ci", "--prefix", str(PEERS)], environment, cwd=PEERS)
        shutil.copy(_WANTED, _NODE)
    return environment
