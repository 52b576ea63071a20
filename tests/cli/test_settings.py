"""Settings from the command line and from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from collab import options
from collab.settings import Settings

URL = "postgresql://somebody@elsewhere/rooms"


def test_nothing_has_to_be_said() -> None:
    settings = options.read([], {})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir is None
    assert settings.database_url is None


def test_everything_can_be_said_on_the_command_line() -> None:
    settings = options.read(
        ["serve", "--host", "::1", "--port=0", "--data-dir", "/data", "--database-url", URL], {}
    )
    assert (settings.host, settings.port) == ("::1", 0)
    assert (settings.data_dir, settings.database_url) == (Path("/data"), URL)


def test_everything_can_be_said_in_the_environment() -> None:
    environment = {
        "COLLAB_HOST": "::1",
        "COLLAB_PORT": "0",
        "COLLAB_DATA_DIR": "/data",
        "COLLAB_DATABASE_URL": URL,
    }
    settings = options.read([], environment)
    assert (settings.host, settings.port) == ("::1", 0)
    assert (settings.data_dir, settings.database_url) == (Path("/data"), URL)


def test_the_command_line_wins_and_an_empty_variable_says_nothing() -> None:
    environment = {"COLLAB_PORT": "1", "COLLAB_HOST": "", "COLLAB_DATABASE_URL": ""}
    settings = options.read(["--port", "2"], environment)
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 2, None)


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--port", "http"], {}, "--port http: it must be a whole number (port that"),
        (["--port", "70000"], {}, "--port 70000: it must be a whole number, at most 65535 (port"),
        ([], {"COLLAB_PORT": "-1"}, "COLLAB_PORT -1: it must be a whole number, at least 0 ("),
        (["--limit-text", "0"], {}, "--limit-text 0: it must be a whole number, at least 1 ("),
        ([], {"COLLAB_HEARTBEAT": "soon"}, "COLLAB_HEARTBEAT soon: it must be a number ("),
        (["--heartbeat", "0"], {}, "--heartbeat 0: it must be a number, above 0.0 (seconds"),
        ([], {"COLLAB_PORT": "http"}, "COLLAB_PORT"),
        (["--log-level", "loud"], {}, "it must be one of those named here (debug, info, "),
        (["--database-url", "mysql://elsewhere/rooms"], {}, "postgresql://"),
        (["--database-url", "rooms"], {}, "--database-url rooms: it does not look like"),
        ([], {"COLLAB_REDIS_URL": "rooms"}, "COLLAB_REDIS_URL rooms: it does not look like"),
        (["--redis-url", "redis://here:port"], {}, "--redis-url: Port could not be cast"),
        (["--redis-url", "redis+cluster://,b"], {}, "--redis-url: '' is no HOST:PORT"),
        (["--redis-url", "redis+sentinel://a"], {}, "--redis-url: the path is /SERVICE or"),
        (["--trusted-proxies", "10.0.0.0/33"], {}, "--trusted-proxies: '10.0.0.0/33' does not"),
        (["--base-path", "pad/"], {}, "path, like /pad"),
        (["--allowed-origins", "https://a.example,b.example"], {}, "like https://example.com"),
        (["--allowed-hosts", "a.example:80"], {}, "names without ports"),
        (["--colour=blue"], {}, "--colour"),
        (["--port"], {}, "--port"),
        (["sing"], {}, "sing"),
    ],
)
def test_what_makes_no_sense_is_said_with_the_usage(
    arguments: list[str],
    environment: dict[str, str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = wrong(arguments, environment, capsys)
    assert said.startswith("usage: collab")
    assert words in said.splitlines()[-1]


@pytest.mark.parametrize("option", list(options.known_options()), ids=lambda option: option.flag)
def test_no_option_answers_with_a_pattern_or_a_type(
    option: options.Option, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        options.read([option.flag, "\u2603 http"], {})
    except SystemExit:
        said = capsys.readouterr().err.splitlines()[-1]
        assert option.flag in said
        assert not any(word in said for word in ("regex", "`", "Expected", "Invalid"))


@pytest.mark.parametrize(
    ("option", "address"),
    [
        ("DATABASE", "mysql://somebody:opensesame@elsewhere/rooms"),
        ("REDIS", "sentinel://elsewhere/rooms?sentinel_password=opensesame"),
        ("REDIS", "redis+sentinel://elsewhere?sentinel_password=opensesame"),
        ("REDIS", "redis+cluster://elsewhere?sentinel_password=opensesame"),
    ],
)
def test_a_password_in_a_wrong_address_is_not_said(
    option: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = wrong([], {f"COLLAB_{option}_URL": address}, capsys)
    assert "opensesame" not in said


def wrong(
    arguments: list[str], environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> str:
    """Read options that make no sense, and return what the command says of them."""
    with pytest.raises(SystemExit) as stop:
        options.read(arguments, environment)
    assert stop.value.code == 2
    return capsys.readouterr().err


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        options.read(["--help"], {})
    assert stop.value.code == 0
    said = capsys.readouterr().out
    for option in (
        "--host",
        "--port",
        "--data-dir",
        "--database-url",
        "COLLAB_PORT",
        "--limit-text",
    ):
        assert option in said
    assert "code points a file (default: 2097152)" in " ".join(said.split())


def test_a_limit_can_be_set_like_anything_else() -> None:
    settings = options.read(["--limit-text", "1000"], {"COLLAB_LIMIT_BATCH": "7"})
    assert (settings.limits.text, settings.limits.batch) == (1000, 7)
    assert settings.limits.tail == Settings().limits.tail


def test_the_readme_has_every_option_with_its_default_and_its_words() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for option in options.known_options():
        default = "\N{EN DASH}" if option.default in (None, (), "") else f"`{option.default}`"
        assert f"| `{option.flag}` | {default} | {option.words} |" in readme
