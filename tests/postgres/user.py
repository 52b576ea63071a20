"""Use the server of a data dir until the standard input ends: `python user.py DATA_DIR`.

Prints the server's address when it is up, or else why it is not.
"""

import sys
from pathlib import Path

from collab.postgres import embedded

try:
    with embedded.running(Path(sys.argv[1])) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
except embedded.EmbeddedPostgresError as error:
    sys.exit(f"{error}")
