"""What axe-core finds wrong with a page for people who do not see, hear or point as others do."""

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


async def violations(page: Page) -> list[str]:
    """One text for each violation on the page as it stands: its rule, and the elements at fault."""
    npm.install(tools=True)
    script = (npm.FRONTEND / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    # Evaluated, not added as an element, which a page's security policy may forbid.
    await page.evaluate(script)
    found: dict[str, Any] = await page.evaluate(
        "tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS
    )
    return [_text(violation) for violation in found["violations"]]


def _text(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        summary = " ".join(node["failureSummary"].split())
        lines.append(f"  {' '.join(map(str, node['target']))}: {summary}")
    return "\n".join(lines)
