"""The templates of new rooms. The first file is the one that plain clients and REST see."""

from __future__ import annotations

from typing import Literal

Template = Literal["empty", "python", "javascript", "typescript", "html"]

TEMPLATES: dict[Template, dict[str, str]] = {
    "empty": {"main.py": ""},
    "python": {
        "main.py": """\
def greet(name: str) -> str:
    return f"Hello, {name}!"


if __name__ == "__main__":
    print(greet("world"))
""",
        "test_main.py": """\
import unittest

from main import greet


class GreetTest(unittest.TestCase):
    def test_it_says_the_name(self) -> None:
        self.assertEqual(greet("Ada"), "Hello, Ada!")


if __name__ == "__main__":
    unittest.main()
""",
    },
    "javascript": {
        "main.js": """\
export function greet(name) {
  return `Hello, ${name}!`;
}

console.log(greet("world"));
""",
        "main.test.js": """\
import assert from "node:assert/strict";
import { test } from "node:test";

import { greet } from "./main.js";

test("it says the name", () => {
  assert.equal(greet("Ada"), "Hello, Ada!");
});
""",
        "package.json": """\
{
  "type": "module",
  "scripts": {
    "start": "node main.js",
    "test": "node --test"
  }
}
""",
    },
    "typescript": {
        "main.ts": """\
export function greet(name: string): string {
  return `Hello, ${name}!`;
}

console.log(greet("world"));
""",
        "tsconfig.json": """\
{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "strict": true
  }
}
""",
    },
    "html": {
        "index.html": """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Hello</title>
    <link rel="stylesheet" href="style.css" />
    <script type="module" src="main.js"></script>
  </head>
  <body>
    <h1>Hello, world!</h1>
  </body>
</html>
""",
        "style.css": """\
body {
  font-family: system-ui, sans-serif;
  margin: 2rem;
}
""",
        "main.js": """\
document.querySelector("h1").addEventListener("click", ({ target }) => {
  target.textContent = "Hello, you!";
});
""",
    },
}
