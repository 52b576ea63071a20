"""Compares where the page draws the carets and selections of others with where the letters are.

Columns count UTF-16 units, as the page's own text does.
"""

from __future__ import annotations

from tests.browser.person import Person

# The place just before a column of a line; only for files that fit on the screen.
_PLACE = """
const place = (line, column) => {
  const element = document.querySelectorAll('.cm-line')[line];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; column -= node.length, node = texts.nextNode()) {
    if (column > node.length) continue;
    const range = document.createRange();
    range.setStart(node, column);
    return range.getBoundingClientRect();
  }
};
const near = (a, b) => Math.abs(a - b) < 1.5;
"""

_CARET = (
    """([name, line, column]) => {"""
    + _PLACE
    + """
  const flags = [...document.querySelectorAll('.cm-peerFlag')];
  const flag = flags.find(flag => flag.textContent === name);
  const letter = place(line, column);
  if (!flag || !letter) return false;
  const caret = flag.parentElement.getBoundingClientRect();
  return near(caret.left + caret.width / 2, letter.left) && Math.abs(caret.top - letter.top) < 6;
}"""
)

_COVERED = (
    """([line, from, to]) => {"""
    + _PLACE
    + """
  const drawn = [...document.querySelectorAll('.cm-peerSelection')];
  if (drawn.length !== 1) return false;
  const { left, right } = drawn[0].getBoundingClientRect();
  return near(left, place(line, from).left) && near(right, place(line, to).left);
}"""
)


async def sees_caret(person: Person, name: str, *, line: int, column: int) -> None:
    """Wait until `name`'s caret stands before that column of a line, counted from 0."""
    await person.page.wait_for_function(_CARET, arg=[name, line, column])


async def sees_covered(person: Person, *, line: int, columns: tuple[int, int]) -> None:
    """Wait until the one selection of the others covers just these columns of a line."""
    await person.page.wait_for_function(_COVERED, arg=[line, *columns])
