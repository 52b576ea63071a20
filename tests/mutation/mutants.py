"""The single mutations of one source file."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.modules import ROOT

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    path: Path
    source: bytes
    start: int
    """The start of the mutated part in the UTF-8 of the source, in bytes."""
    end: int
    replacement: str

    def apply(self) -> bytes:
        return self.source[: self.start] + self.replacement.encode() + self.source[self.end :]

    @property
    def line(self) -> int:
        """The line it is on, counted from 1."""
        return self.source.count(b"\n", 0, self.start) + 1

    @property
    def becomes(self) -> str:
        """Return the mutated line, or the code that is left out. This text tells a mutant from
        the others of its module.
        """
        if self.replacement in (";", "pass"):
            return "without " + " ".join(self.source[self.start : self.end].decode().split())
        mutated = self.apply()
        first = mutated.rfind(b"\n", 0, self.start) + 1
        last = mutated.find(b"\n", self.start + len(self.replacement.encode()))
        return " ".join(mutated[first : last if last >= 0 else None].decode().split())


def mutants_of(path: Path) -> list[Mutant]:
    """All mutants of a Python or TypeScript file, in the order of their places."""
    made = of_python(path) if path.suffix == ".py" else of_page(path)
    return sorted(set(made), key=lambda mutant: (mutant.start, mutant.end, mutant.replacement))


def of_page(path: Path) -> Iterator[Mutant]:
    """Mutants of TypeScript. Vite's parser finds them: see `page.mjs`."""
    found = subprocess.run(
        ["node", Path(__file__).with_name("page.mjs"), path],
        cwd=ROOT / "frontend",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    source = path.read_bytes()
    for start, end, replacement in json.loads(found.stdout):
        yield Mutant(path, source, start, end, replacement)


def of_python(path: Path) -> Iterator[Mutant]:
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def span(node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        return start, starts[node.end_lineno - 1] + node.end_col_offset

    for node in _code(ast.parse(source)):
        for replacement in _replacements(node):
            if isinstance(replacement, str):
                yield Mutant(path, source, *span(node), replacement)
            else:
                yield Mutant(path, source, *span(node), f"({ast.unparse(replacement)})")
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            for constant in ("True", "False"):
                if not (isinstance(node, ast.While) and constant == "True"):
                    yield Mutant(path, source, *span(node.test), constant)


def _code(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Every statement and expression that runs, but for annotations, f-strings, what only type
    checkers read, and how a class treats memory."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            if isinstance(child, ast.keyword) and child.arg in ("frozen", "gc"):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            yield from _code(child)


def _replacements(node: ast.expr | ast.stmt) -> Iterator[ast.expr | str]:
    """Return what the node may become: source text, or an expression that is put in brackets."""
    match node:
        case ast.Compare(left, ops, comparators):
            for index, op in enumerate(ops):
                other = [*ops[:index], COMPARISONS[type(op)](), *ops[index + 1 :]]
                yield ast.Compare(left, other, comparators)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.Constant(bool(value)):
            yield str(not value)
        case ast.Constant(int(value)):
            # A second more or less of many is no mistake.
            yield str(value + 1 if value < 10 else value * 3)
        case ast.Call(ast.Name(name), arguments, keywords) if name in TWINS:
            yield ast.Call(ast.Name(TWINS[name]), arguments, keywords)
        case ast.Expr(ast.Call() | ast.Await()) | ast.AugAssign() | ast.Delete() | ast.Raise():
            yield "pass"
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            yield "pass"
        case ast.Continue():
            yield "break"
        case ast.Break():
            yield "continue"
