"""Compiles this package to extension modules, with mypyc and setuptools, which must be installed.

    python -m ot.compiling FOLDER

puts a compiled package `ot` into an empty folder. It is the same source, line for line. Only what
mypyc has to be told is added on the way: that public calls take anything, since they say themselves
what is wrong with it, and that classes can be copied and be the base of others.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_SOURCE = Path(__file__).parent
_NOT_COMPILED = {"__init__.py", "compiling.py"}
_TAKE_ANYTHING = {
    "__init__", "_check", "_check_span", "_client", "_compose", "_expect", "_expect_one_base",
    "_from", "_merging", "_move", "_paired", "_part", "_to",
}  # fmt: skip
"""What is not public and yet has arguments that nobody has checked."""
_NAMES = "; from typing import TYPE_CHECKING, Any"
_TOLD = "if TYPE_CHECKING: from mypy_extensions import mypyc_attr"
_FREE = "@mypyc_attr(allow_interpreted_subclasses=True, serializable=True)"
_SETUP = """
import sys
from mypyc.build import mypycify
from setuptools import setup

modules = mypycify(sys.argv[1:], opt_level="3", debug_level="0", group_name="ot")
setup(name="ot", packages=["ot"], ext_modules=modules, script_args=["-q", "build_ext", "--inplace"])
"""


def compile_package(folder: Path) -> list[Path]:
    """Put the compiled package into a folder. Returns the files of machine code in it.

    Raises CalledProcessError where something that is needed is missing, or there is no C compiler.
    """
    package = folder / "ot"
    shutil.copytree(_SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
    modules = sorted({path.name for path in _SOURCE.glob("*.py")} - _NOT_COMPILED)
    for name in modules:
        told = _told((_SOURCE / name).read_text(encoding="utf-8"))
        (package / name).write_text(told, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-c", _SETUP, *(f"ot/{name}" for name in modules)],
        cwd=folder,
        env=os.environ | {"MYPYPATH": str(folder)},
        check=True,
    )
    shutil.rmtree(folder / "build")
    for name in modules:
        shutil.copyfile(_SOURCE / name, package / name)
    return sorted(path for path in folder.rglob("*") if path.suffix in (".so", ".pyd"))


def _told(source: str) -> str:
    """Add what mypyc has to be told, without moving a line."""
    lines = source.encode().split(b"\n")
    tree = ast.parse(source)
    for annotation in _unchecked(tree):
        row, start, end = annotation.lineno - 1, annotation.col_offset, annotation.end_col_offset
        if annotation.end_lineno != annotation.lineno:
            raise ValueError(f"an annotation has several lines: {ast.unparse(annotation)}")
        lines[row] = lines[row][:start] + b"Any".ljust((end or start) - start) + lines[row][end:]
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            lines[node.lineno - 1] += _NAMES.encode()
            _fill(lines, node.lineno, _TOLD)
        elif isinstance(node, ast.ClassDef) and node.name != "OperationError":
            first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
            _fill(lines, first - 2, _FREE)
    return b"\n".join(lines).decode()


def _fill(lines: list[bytes], row: int, text: str) -> None:
    if lines[row]:
        raise ValueError(f"line {row + 1} is not empty")
    lines[row] = text.encode()


def _unchecked(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the types of arguments that may be anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (
            not node.name.startswith("_") or node.name in _TAKE_ANYTHING
        ):
            arguments = node.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                if argument.annotation is not None:
                    yield argument.annotation


if __name__ == "__main__":
    compile_package(Path(sys.argv[1]))
