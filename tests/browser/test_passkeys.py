"""Signing in without a password, with a device that the browser makes believe."""

import re
from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.support.server import Server

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PASSWORD = "correct horse battery"


async def test_somebody_makes_a_passkey_signs_in_with_it_and_removes_it(
    shared_server: Server, newcomer: Newcomer
) -> None:
    ada = await newcomer()
    page = ada.page
    device = await ada.context.new_cdp_session(page)
    await device.send("WebAuthn.enable")
    await device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    await page.goto(f"http://localhost:{urlsplit(shared_server.url).port}")
    await ada.button("Sign in").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make an account").click()
    await dialog.get_by_label("Name").fill("Ada with a key")
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Make the account").click()
    account = ada.button("Ada with a key")
    await account.click()
    await dialog.get_by_text("Passkeys", exact=True).click()
    await expect(dialog.get_by_text("No device signs in with a passkey.")).to_be_visible()
    await dialog.get_by_label("What you call it").fill("My laptop")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Make a passkey").click()
    await expect(dialog.get_by_role("listitem")).to_contain_text("My laptop")
    assert await axe.violations(page) == []
    await dialog.get_by_text("Profile", exact=True).click()
    await expect(dialog.get_by_label("Remove all passkeys, too")).not_to_be_checked()

    async def signs_out() -> None:
        await dialog.get_by_text("Profile", exact=True).click()
        await dialog.get_by_role("button", name="Sign out").click()
        await ada.button("Sign in").first.click()
        await dialog.get_by_role("button", name="Sign in with a passkey").click()

    await signs_out()
    await account.click()
    await dialog.get_by_text("Passkeys", exact=True).click()
    await expect(dialog.get_by_role("listitem")).to_contain_text("used")
    await dialog.get_by_role("button", name="Remove My laptop").click()
    await expect(dialog.get_by_text("No device signs in with a passkey.")).to_be_visible()
    ada.excuses = re.compile(r"401 \(Unauthorized\)")
    await signs_out()
    await expect(dialog.get_by_text("The passkey is not known here")).to_be_visible()
