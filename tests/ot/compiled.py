"""Runs the tests of `ot` on its compiled form, which it makes in a temporary folder.

uv run python -m tests.ot.compiled [pytest's options]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from ot.compiling import compile_package

# pytest puts the source first, when the compiled package is imported already.
_TESTS = """
import sys
sys.path.insert(0, sys.argv[1])
import ot, pytest
assert ot.compiled, ot.__file__
sys.exit(pytest.main(sys.argv[2:]))
"""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="collab-ot-") as folder:
        compile_package(Path(folder))
        command = [sys.executable, "-P", "-c", _TESTS, folder]
        tests = ["tests/ot", "tests/vectors", "-n0", "--quiet", "-p", "no:cacheprovider"]
        return subprocess.run([*command, *tests, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
