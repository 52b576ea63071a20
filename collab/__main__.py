"""The command `collab`, and `python -m collab`: of a server, or in a room of one."""

from __future__ import annotations

import sys

from collab.shell import COMMANDS


def main() -> None:
    """Do what the command line says. Loads nothing of a server for a command in a room."""
    if sys.argv[1:2] and sys.argv[1] in COMMANDS:
        from collab.shell.commands import main as work  # noqa: PLC0415

        sys.exit(work(sys.argv[1:]))
    from collab.cli import main as serve  # noqa: PLC0415

    serve()


if __name__ == "__main__":
    main()
