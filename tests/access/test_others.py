"""Attacks on what belongs to others: their sessions, their tokens, and the admins' pages."""

from __future__ import annotations

from tests.access.people import Browser
from tests.support.server import Server


def test_nobody_reads_or_ends_what_is_another_s(one: Server) -> None:
    ada, eve = Browser(one), Browser(one)
    ada.sign_up()
    eve.sign_up()
    ada.token("read")
    (session,) = ada.get("/me/sessions").json()
    (token,) = ada.get("/me/tokens").json()
    assert eve.ask("DELETE", f"/me/sessions/{session['id']}").status_code == 404
    assert eve.ask("DELETE", f"/me/tokens/{token['id']}").status_code == 404
    assert eve.ask("DELETE", f"/me/tokens/{session['id']}").status_code == 404
    assert ada.me()["name"] not in eve.get("/me/export").text
    guest = Browser(one)
    guest.post("/me/guest")
    for path in ("/me/export", "/me/sessions", "/me/tokens", "/admin/use"):
        assert Browser(one).get(path).status_code == 401
        assert guest.get(path).status_code == 401
    for path in ("/admin/use", "/admin/accounts", "/admin/rooms", "/admin/audit"):
        assert eve.get(path).status_code == 403


def test_there_is_no_first_visitor_who_is_admin(server: Server) -> None:
    browser = Browser(server)
    browser.sign_up()
    assert browser.me()["admin"] is False
