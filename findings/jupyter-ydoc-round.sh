#!/usr/bin/env bash
# jupyter-ydoc 4.2.1: a notebook that is put in and taken out again
#
# Guess: get() gives what set() was given, as nobody has edited it.
# Saw:   a notebook without a kernel comes back with one whose name is empty. One without cells comes back with a cell,
#        whose random id differs on each replica that is given the same file.
# So:    Collab has no documents of kinds; a notebook is a file of text, and comes out as it went in.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with jupyter-ydoc==4.2.1 pycrdt==0.14.13
seen=$(python - <<'PY'
import json

from jupyter_ydoc import YNotebook

def round(notebook: dict) -> dict:
    document = YNotebook()
    document.set(notebook)
    return document.get()

empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
cell = {"cell_type": "markdown", "id": "one", "metadata": {}, "source": "Hello"}
print(json.dumps(round(empty | {"cells": [cell]})["metadata"], sort_keys=True))
(first,), (second,) = round(empty)["cells"], round(empty)["cells"]
print(first["cell_type"], first["id"] == second["id"])
PY
)
expect "metadata, which had been empty" "$(sed -n 1p <<<"$seen")" '{"kernelspec": {"display_name": "", "name": ""}, "language_info": {"name": ""}}'
expect "the cell of an empty notebook; same id twice" "$(sed -n 2p <<<"$seen")" "code False"
