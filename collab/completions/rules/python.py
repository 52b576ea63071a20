"""The rules for Python. Of equally confident rows, the first one that fits is the best."""

from __future__ import annotations

from collections.abc import Sequence

from collab.completions.rules.rule import Rule
from collab.completions.scanner import words

RULES: Sequence[Rule] = (
    # Definitions.
    Rule(r"(?:async )?def __init__", "(self):", 0.9, "class"),
    Rule(r"(?:async )?def __(?:enter|iter|next|len|repr|str|hash|bool)__", "(self):", 0.9, "class"),
    Rule(r"(?:async )?def __(?:eq|ne|lt|le|gt|ge|add|sub|mul|or|and)__", "(self, other):", 0.9),
    Rule(r"def __exit__", "(self, *args):", 0.6, "class"),
    Rule(r"def __(?:get|del)item__", "(self, key):", 0.8, "class"),
    Rule(r"def __setitem__", "(self, key, value):", 0.8, "class"),
    Rule(r"def __getattr__", "(self, name):", 0.9, "class"),
    Rule(r"def __setattr__", "(self, name, value):", 0.9, "class"),
    Rule(r"(?:async )?def \w+", "(self):", 0.9, "class"),
    Rule(r"(?:async )?def \w+", "():", 0.9, "!class"),
    Rule(r"(?:async )?def \w+\(", "self", 0.8, "class"),
    Rule(r"(?:async )?def \w+\(", "):", 0.4, "!class"),
    Rule(r"(?:async )?def \w+\(.*\)", ":", 0.6),
    Rule(r"class \w+", ":", 0.4),
    Rule(r"class \w+\(.*\)", ":", 0.9),
    Rule(r"class \w+(?:Error|Exception)", "(Exception):", 0.6),
    Rule(r"async", " def", 0.8, "!def"),
    Rule(r"@property", "\ndef", 0.7),
    Rule(r"@(?:classmethod)", "\ndef", 0.7),
    # Blocks.
    Rule(r"for", " {each}:", 0.45, "!bracket"),
    Rule(r"if __name__", ' == "__main__":\n\tmain()', 0.8, "module"),
    Rule(r"if __name__ ==", ' "__main__":\n\tmain()', 0.8, "module"),
    Rule(r"(?:else|try|finally)", ":", 0.9, "end"),
    Rule(r"while True", ":", 0.9),
    Rule(r"while", " True:", 0.4),
    Rule(r"for (\w+) in range", "(", 0.9),
    Rule(r"for i", " in range(", 0.6),
    Rule(r"for i in", " range(", 0.6),
    Rule(r"for _", " in range(", 0.8),
    Rule(r"for _ in", " range(", 0.8),
    Rule(r"for (?:k|key)", ", value in", 0.4),
    Rule(r"for (?:k|key), (?:v|value) in (\w+(?:\.\w+)*)", ".items():", 0.9),
    Rule(r"for \w+ in .*[\w)\]]", ":", 0.4, "!bracket"),
    Rule(r"for (\w+)", " in {many}:", 0.6, "!bracket"),
    Rule(r"for (\w+) in", " {many}:", 0.7, "!bracket"),
    Rule(r"for \w+", " in", 0.5, "!bracket"),
    Rule(r"for \w+, \w+", " in", 0.7, "!bracket"),
    Rule(r"except (?:\w+\.)*\w+", ":", 0.5),
    Rule(r"except \(.*\)", ":", 0.6),
    Rule(r"except (?:\w+\.)*\w+ as", " error:", 0.4),
    Rule(r"with open\(.*\)", " as file:", 0.6, "!async"),
    Rule(r"with open\(.*\) as", " file:", 0.5),
    Rule(r"(?:async )?with .*\) as \w+", ":", 0.8, "!bracket"),
    Rule(r"(?:el)?if .*(?:None|True|False)", ":", 0.7, "!bracket"),
    Rule(r"(?:el)?if .*[\])\"']", ":", 0.6, "!bracket"),
    Rule(r"(?:el)?if (?:not )?[\w.]+ is", " None:", 0.6, "!bracket"),
    Rule(r"(?:el)?if (?:not )?[\w.]+ is not", " None:", 0.9, "!bracket"),
    # Statements.
    Rule(r"super", "().__init__(", 0.8, "init"),
    Rule(r"super\(\)", ".__init__(", 0.9, "init"),
    Rule(r"super\(\)\.__init__", "(", 0.9, "init"),
    Rule(r"self\._?(\w+) =", " {parameter}", 0.7, "method"),
    Rule(r"import numpy", " as np", 0.9),
    Rule(r"import numpy as n", "p", 0.9),
    Rule(r"import pandas as p", "d", 0.9),
    Rule(r"import pandas", " as pd", 0.9),
    Rule(r"import matplotlib\.pyplot", " as plt", 0.9),
    Rule(r"from __future__", " import annotations", 0.9),
    Rule(r"from __future__ import", " annotations", 0.9),
    Rule(r"from [\w.]+", " import", 0.7),
    Rule(r"await asyncio", ".sleep(", 0.5, "async"),
    Rule(r"(?:if|elif|while|return|and|or|not) .*\b[\w.]+ not", " in", 0.8),
)

MEMBERS = ("append", "items", "loads", "path", "join", "read", "sleep", "compile", "randint")
"""Members that people want first of what has them."""

KEYWORDS = words(
    "False None True and as assert async await break class continue def del elif else except "
    "finally for from global if import in is lambda nonlocal not or pass raise return try while "
    "with yield"
)
