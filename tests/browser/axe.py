"""Runs axe-core, which finds accessibility faults in a page."""

from functools import cache
from typing import Any

from playwright.async_api import Page

from frontend import npm

# WCAG 2.2 AA and everything below it, and axe's own good practices.
TAGS = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]

# Half-way through a fade no colour is one of the theme's.
_END_FADES = """() => {
    for (const animation of document.getAnimations())
        if (Number.isFinite(animation.effect.getComputedTiming().endTime)) animation.finish();
}"""

# Of elements that pass axe would note a selector each, which takes longer than all its checks.
_RUN = """async tags => {
    const runOnly = { type: 'tag', values: tags };
    return (await axe.run(document, { runOnly, resultTypes: ['violations'] })).violations;
}"""


async def violations(page: Page) -> list[str]:
    """One text for each violation on the page as it stands: its rule, and the elements at fault."""
    if not await page.evaluate("'axe' in window"):
        # Evaluated, not added as an element, which a page's security policy may forbid.
        await page.evaluate(_script())
    await page.evaluate(_END_FADES)
    found: list[dict[str, Any]] = await page.evaluate(_RUN, TAGS)
    return [_text(violation) for violation in found]


@cache
def _script() -> str:
    npm.install(tools=True)
    return (npm.FRONTEND / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def _text(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        summary = " ".join(node["failureSummary"].split())
        lines.append(f"  {' '.join(map(str, node['target']))}: {summary}")
    return "\n".join(lines)
