"""Secrets are never sent to a model."""

from __future__ import annotations

import pytest

from collab.ai.masking import MASK, hide, is_secret, mask

_RANDOM = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f'key = "sk-{_RANDOM}"', _RANDOM),
        ("t = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'", "ghp_"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
        ('password = "hunter2"', "hunter2"),
        ('{"api_key": "abc def"}', "abc def"),
        ("os.environ['DB_PASSWORD'] = 'pass4word'", "pass4word"),
        ("DB_PASSWORD=pass4word-of-it", "pass4word"),
        ("  api_token: tok3n-in-yaml", "tok3n"),
        ('token: str = "abcd1234"', "abcd1234"),
        ("postgres://ada:lovelace@db/x", "lovelace"),
        ("headers = {'Authorization': 'Bearer abc.def'}", "abc.def"),
        (f"x = '{_RANDOM}'", _RANDOM),
        ("digest = 'd41d8cd98f00b204e9800998ecf8427ed41d8cd9'", "d41d8"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx", "abc"),
        ("-----BEGIN PRIVATE KEY-----\ncut off", "cut off"),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabc\n-----END PGP PRIVATE KEY BLOCK-----",
            "abc",
        ),
        ("cut+off/MIIE=\n  aGk=\n-----END PRIVATE KEY-----\nx", "cut+off"),
        (f"eyJ{_RANDOM}.{_RANDOM}.{_RANDOM}", _RANDOM),
        ("curl -H 'Authorization: Bearer abcdefg.1'", "abcdefg"),
        ('password = "hunter2', "hunter2"),
        ("token='a\\'hunter2\\", "hunter2"),
    ],
)
def test_what_looks_like_a_secret_is_masked_and_lines_stay_lines(text: str, secret: str) -> None:
    code = "a = 1\n" * 3
    shown = mask(f"{code}{text}\n\n{text}")
    assert shown.startswith(code)
    assert secret not in shown
    assert shown.count(MASK) >= 2
    assert shown.count("\n") == 5 + 2 * text.count("\n")
    whole = f"{code}{text}\n"
    at = whole.index(secret) + 2
    assert hide(whole, 0, at) + hide(whole, at) == hide(whole), "a cut in it shows neither half"


@pytest.mark.parametrize(
    "text",
    [
        "def token(self): return self.password",
        "tokens = tokenize(text)\npassword = getpass()",
        "x = 'a-long-name-of-something-without-any-number'",
        "https://example.com/a@b",
        "if token == other_token: pass",
        "secret = secrets.token_urlsafe(32)",
        "author: Ada",
    ],
)
def test_code_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("path", [".env", "a/.env.local", "b/id_rsa", "x.pem", "conf/secrets.yml"])
def test_files_of_secrets_are_known_by_their_names(path: str) -> None:
    assert is_secret(path)


@pytest.mark.parametrize("path", ["main.py", "environment.py", "env/a.py", "secretary.py"])
def test_other_files_are_not(path: str) -> None:
    assert not is_secret(path)


@pytest.mark.parametrize(
    "piece",
    [
        *("password", "eyJ", "://a:", "'", "-----BEGIN PRIVATE KEY", "token=\\", "a_token ", "sk-"),
        *("token='", "token: \"a'", "Bearer 1", "aGk=\n", "\n-----END PRIVATE KEY-----"),
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    """A pattern that went back and forth in it would not come to an end."""
    text = piece * (300_000 // len(piece))
    assert mask(text)
