"""Somebody at a browser: what a person does there, and what a person sees."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    expect,
)
from playwright.async_api import TimeoutError as TooLong

# The lines on the screen are the file, for files that fit on it; what is only drawn is none of it.
_TEXT = """() => [...document.querySelectorAll('.cm-line')].map(line => {
    const copy = line.cloneNode(true);
    for (const ghost of copy.querySelectorAll('.cm-ghost, .cm-placeholder')) ghost.remove();
    return copy.textContent;
}).join('\\n')"""


# What a console says of a network that is gone, at whichever moment and by whichever request.
NETWORK = re.compile("WebSocket connection to|net::ERR_")


# What says nothing of the page: that a test has no service worker (see conftest.py), and that the
# machine is so busy that the texts come seconds before the program that asked for them, or that a
# connection takes so long to open that the page tries another one.
NO_COMPLAINT = re.compile(
    "^Service Worker registration blocked by Playwright$"
    "|was preloaded using link preload but not used within a few seconds"
    "|failed: WebSocket is closed before the connection is established"
    # A page that the service worker keeps takes the file from there.
    "|is not used because it is a cross-world service worker resource mismatch"
)


# A browser says in its own words what a page's policy forbids, and not where it was tried.
TELL_OF_VIOLATIONS = """addEventListener("securitypolicyviolation", event => {
  const { violatedDirective, blockedURI, sourceFile, lineNumber, columnNumber } = event;
  const where = `${sourceFile}:${lineNumber}:${columnNumber}`;
  console.error(`forbidden by ${violatedDirective}: ${blockedURI} at ${where}`);
});"""


class Person:
    """A page in a browser context of its own. All waiting is for what can be seen."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.page = page
        self.excuses = re.compile("(?!)")
        """The messages that the console may have. None, unless a test breaks the network."""
        self._complaints: list[str] = []
        page.on("console", self._heed)
        page.on("pageerror", lambda error: self._complaints.append(f"thrown: {error}"))

    @property
    def complaints(self) -> list[str]:
        """Return the complaints on the console that `excuses` does not match."""
        return [words for words in self._complaints if not self.excuses.search(words)]

    @property
    def editor(self) -> Locator:
        return self.page.locator(".cm-content")

    @property
    def status(self) -> Locator:
        return self.page.locator(".connection")

    @property
    def language(self) -> Locator:
        """The item of the status bar."""
        return self.page.get_by_role("button", name=re.compile("^Language: "))

    async def choose_language(self, name: str) -> None:
        await self.language.click()
        field = self.page.get_by_role("combobox", name="Language")
        await field.fill(name)
        await expect(self.page.get_by_role("option").first).to_contain_text(name)
        await field.press("Enter")
        await expect(self.language).to_have_text(name)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    async def enter(self, room_url: str) -> None:
        """Open a room and wait until one can type."""
        await self.page.goto(room_url)
        await self._arrives()

    async def reload(self) -> None:
        await self.page.reload()
        await self._arrives()

    async def reload_kept(self, text: str) -> None:
        """Reload where no server answers, until one can type after what is kept on the device."""
        await self.page.reload()
        await self.sees(text)
        await expect(self.editor).to_be_focused()

    async def settles(self) -> None:
        """Wait for "Saved"."""
        await expect(self.status).to_have_text("Saved")

    async def type(self, text: str, *, delay: float = 0) -> None:
        """Type where the caret is, with `delay` ms between keys."""
        await self.page.keyboard.type(text, delay=delay)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def text(self) -> str:
        """The file on the screen."""
        text: str = await self.page.evaluate(_TEXT)
        return text

    async def sees(self, text: str) -> None:
        """Wait until the file on the screen is this."""
        await self._waits(f"text => ({_TEXT})() === text", text)

    async def sees_in_text(self, part: str) -> None:
        """Wait until the file on the screen has this in it."""
        await self._waits(f"part => ({_TEXT})().includes(part)", part)

    async def name(self) -> str:
        """Return the name under which the others see this person."""
        words = await self.button(re.compile(r"\(you\)")).locator(".hidden").inner_text()
        return words.partition(" (you)")[0]

    async def introduces(self, name: str, *, colour: str | None = None) -> None:
        """Take a name, and a colour, in the room."""
        await self.button(re.compile("change name or colour")).click()
        await self.page.get_by_label("Name", exact=True).fill(name)
        if colour:
            # The radio itself is hidden under its swatch.
            await self.page.get_by_label(colour, exact=True).check(force=True)
        await self.button("Save").click()
        await self.editor.focus()

    async def _arrives(self) -> None:
        await self.settles()
        await expect(self.editor).to_be_focused()
        await expect(self.page.locator(".cm-editor")).to_have_attribute("data-complete", "true")

    async def _waits(self, condition: str, argument: Any) -> None:
        try:
            await self.page.wait_for_function(condition, arg=argument)
        except TooLong as error:
            seen = await self.text()
            raise AssertionError(f"waited for {argument!r} and saw {seen!r}") from error

    def _heed(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not NO_COMPLAINT.search(message.text.strip()):
            self._complaints.append(f"{message.type}: {message.text} {message.location['url']}")


async def box_of(element: Locator) -> FloatRect:
    """Return the box of an element. Fails when the element is not shown."""
    box = await element.bounding_box()
    assert box
    return box
