"""The page's own tests, so that one command runs every test."""

import subprocess
import sys

from frontend import npm


def test_the_tests_of_the_page_pass() -> None:
    run = subprocess.run(
        [sys.executable, npm.__file__, "run", "test"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
