"""Runs in the process that reads one zip: see `apart`.

    python -m collab.files.unzip_work LIMITS < ZIP

LIMITS is JSON.
"""

from __future__ import annotations

import sys

from msgspec import json

from collab.files.apart import confine, write_all
from collab.files.found import FoundLimits
from collab.files.unzip import read_zip

if __name__ == "__main__":
    confine()
    write_all(read_zip(sys.stdin.buffer, json.decode(sys.argv[1], type=FoundLimits)))
