"""The mutants that a source file is turned into."""

from __future__ import annotations

from pathlib import Path

from tests.mutation.mutants import mutants_of


def mutants(path: Path, source: str) -> list[str]:
    path.write_text(source, encoding="utf-8")
    return [mutant.becomes for mutant in mutants_of(path)]


def test_python_is_mutated_one_place_at_a_time(tmp_path: Path) -> None:
    source = "def f(a: int = 1) -> None:\n    if a < 2 and not b:\n        g('é', x)\n"
    assert mutants(tmp_path / "module.py", source) == [
        "def f(a: int = 2) -> None:",
        "if (a <= 2) and not b:",
        "if (a < 2 or not b):",
        "if False:",
        "if True:",
        "if a < 3 and not b:",
        "if a < 2 and (b):",
        "without g('é', x)",
    ]


def test_typescript_is_mutated_one_place_at_a_time(tmp_path: Path) -> None:
    source = 'const é: 1 = 2;\nif (a < é && !b) g("é");\nx.find(true ?? y);\n'
    assert mutants(tmp_path / "module.ts", source) == [
        "const é: 1 = 3;",
        'if (false) g("é");',
        'if (true) g("é");',
        'if (a <= é && !b) g("é");',
        'if (a < é || !b) g("é");',
        'if (a < é && b) g("é");',
        'without g("é");',
        "without x.find(true ?? y);",
        "x.findLast(true ?? y);",
        "x.find(false ?? y);",
        "x.find(true && y);",
    ]


def test_a_mutant_is_the_source_but_for_one_place(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("é = a\nb.c = 1\nd\n", encoding="utf-8")
    first, second = mutants_of(path)
    assert first.apply().decode() == "é = a\npass\nd\n"
    assert second.apply().decode() == "é = a\nb.c = 2\nd\n"
    assert second.line == 2
