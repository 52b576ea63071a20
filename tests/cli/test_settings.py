"""What the command line and the environment say."""

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
        (["--port", "http"], {}, "--port"),
        (["--port", "70000"], {}, "--port 70000: Expected `int` <= 65535"),
        ([], {"COLLAB_PORT": "-1"}, "--port -1: Expected `int` >= 0"),
        (["--limit-text", "0"], {}, "--limit-text 0: Expected `int` >= 1"),
        ([], {"COLLAB_HEARTBEAT": "soon"}, "--heartbeat soon: Expected `float`"),
        ([], {"COLLAB_PORT": "http"}, "--port"),
        (["--database-url", "mysql://elsewhere/rooms"], {}, "postgresql://"),
        (["--database-url", "rooms"], {}, "postgresql://"),
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
    with pytest.raises(SystemExit) as stop:
        options.read(arguments, environment)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: collab")
    assert words in said.splitlines()[-1]


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
