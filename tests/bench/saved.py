"""Measure how many bytes a saved history has: python -m tests.bench.saved [--traces DIR]

Every trace whose edits follow one another, saved by `ot.dump` and, beside it, by diamond-types,
which keeps who wrote what as well. The budget is the size of diamond-types.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from msgspec import json

from ot import Document, Operation, Patch, dump, load
from tests.bench.engine_install import PEERS, node_peers
from tests.bench.measured import Row, table


def sizes(traces: Path) -> list[Row]:
    rows: list[Row] = []
    for file in sorted(traces.glob("*.json.gz")):
        trace = json.decode(gzip.decompress(file.read_bytes()))
        if any("parents" in txn for txn in trace["txns"]):
            continue  # it branches
        text: str = trace["startContent"]
        patches = [tuple(patch) for txn in trace["txns"] for patch in txn["patches"]]
        name = file.name.removesuffix(".json.gz")
        rows += saved(name, text, patches, trace["endContent"])
    return rows


def saved(name: str, text: str, patches: list[Patch], end: str) -> list[Row]:
    operations: list[Operation] = []
    length = len(text)
    for patch in patches:
        operations.append(Operation.patch(length, *patch))
        length = operations[-1].target_length
    data = dump(text, operations)
    assert load(data) == (text, operations), "it is read again"
    document = Document(text)
    document.replace_all(patches)
    assert str(document) == end, "the operations are those of the trace"
    peer = of_diamond_types(text, patches)
    return [
        Row(f"{name}: {len(operations):,} edits, saved", len(data) / 1000, "kB", peer / 1000),
        Row(f"{name}: bytes an edit", len(data) / len(operations), "B", peer / len(operations)),
    ]


def of_diamond_types(text: str, patches: list[Patch]) -> int:
    environment = node_peers()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    done = subprocess.run(
        [node, str(PEERS / "saved.mjs")],
        input=json.encode({"text": text, "patches": patches}),
        env=environment,
        check=True,
        capture_output=True,
    )
    return int(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.saved", description=__doc__)
    parser.add_argument("--traces", type=Path, default=os.environ.get("COLLAB_TRACES"))
    options = parser.parse_args()
    if options.traces is None:
        parser.error("name the folder of the traces: --traces, or COLLAB_TRACES")
    sys.stdout.write(table(sizes(options.traces)) + "\n")


if __name__ == "__main__":
    main()
