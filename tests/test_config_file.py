"""Writing one setting leaves the rest of its file alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tomllib
from typing import TYPE_CHECKING

import pytest

from brain.config_file import install, set_setting
from brain.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = """\
# Mine, since spring.
model = "ollama/old"  # the good one

# How much it remembers:
history = 10
timeout = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file that somebody wrote by hand."""
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN)
    return path


def test_comments_and_order_stay(file: Path) -> None:
    """Only the value is another."""
    set_setting(file, "model", "together/new")

    assert file.read_text() == WRITTEN.replace("ollama/old", "together/new")


def test_a_new_setting_comes_last(file: Path) -> None:
    """As the kind of value it is, however it was typed."""
    for name, value in (("audit", "no"), ("num_ctx", "8192"), ("temperature", "0.25"), ("keep_alive", "-1")):
        set_setting(file, name, value)

    assert file.read_text().startswith(WRITTEN)
    assert tomllib.loads(file.read_text()) == {
        **tomllib.loads(WRITTEN),
        "audit": False,
        "num_ctx": 8192,
        "temperature": 0.25,
        "keep_alive": "-1",
    }


def test_a_setting_is_taken_out(file: Path) -> None:
    """Also one that is none, so that a wrong file can be mended; one that is not there is no fault."""
    file.write_text("modle = 1\n" + WRITTEN)

    for name in ("modle", "history", "policy"):
        set_setting(file, name, None)

    assert file.read_text() == WRITTEN.replace("history = 10\n", "")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("modle", "x", "no setting is called `modle`"),
        ("history", "many", "`history` is 'many': must be a whole number from 2 to 1,000"),
        ("judge", "on", "must be auto or off"),
        ("home", "/elsewhere", "says where the files are"),
        ("model", "", "`model` needs a value"),
        ("origins", "x", "no setting is called `origins`"),
    ],
)
def test_what_cannot_be_is_not_written(file: Path, name: str, value: str, told: str) -> None:
    """One line that says why; the file is as it was."""
    with pytest.raises(ConfigError) as caught:
        set_setting(file, name, value)

    assert told in caught.value.message
    assert caught.value.hint
    assert file.read_text() == WRITTEN


def test_a_voice_has_only_what_belongs_to_it(tmp_path: Path) -> None:
    """Its own file is told by its name."""
    path = tmp_path / "voices" / "ada" / "settings.toml"

    set_setting(path, "temperature", "0.2")
    with pytest.raises(ConfigError, match="does not belong to a voice"):
        set_setting(path, "database_url", "postgresql://localhost/x")

    assert tomllib.loads(path.read_text()) == {"temperature": 0.2}


@pytest.mark.parametrize("content", [b"model = \n", b"model = '\xff'\n", b"a = 1\na = 2\n"])
def test_a_broken_file_is_left_alone(file: Path, content: bytes) -> None:
    """It is told, and not overwritten."""
    file.write_bytes(content)

    with pytest.raises(ConfigError, match="is not TOML"):
        set_setting(file, "history", "20")

    assert file.read_bytes() == content


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """With the folders that had to be made, and also when it was open to everybody before."""
    path = tmp_path / "a" / "b" / "config.toml"
    before = os.umask(0o022)
    try:
        set_setting(path, "history", "20")
        path.chmod(0o644)
        set_setting(path, "history", "30")
    finally:
        os.umask(before)

    modes = [entry.stat().st_mode & 0o777 for entry in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert not list(path.parent.glob(".config.toml-*"))


def test_a_file_behind_a_link_stays_there(file: Path, tmp_path: Path) -> None:
    """Some people keep their settings in a folder of their own."""
    link = tmp_path / "elsewhere" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(file)

    set_setting(link, "history", "20")

    assert link.is_symlink()
    assert "history = 20" in file.read_text()


def test_two_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Neither between threads nor between processes."""
    path = tmp_path / "config.toml"
    values = {"history": "20", "timeout": "5.0", "num_ctx": "8192", "candidates": "2", "temperature": "0.5"}
    code = "import sys; from pathlib import Path; from brain.config_file import set_setting; " + (
        "[set_setting(Path(sys.argv[1]), 'judge_timeout', str(n)) for n in range(1, 20)]"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)]) as other:
        threads = [threading.Thread(target=set_setting, args=(path, *each)) for each in values.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert other.wait(60) == 0

    found = tomllib.loads(path.read_text())
    assert {name: str(value) for name, value in found.items()} == {**values, "judge_timeout": "19.0"}


def test_a_file_in_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """One line instead of a traceback."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be written"):
        set_setting(tmp_path / "file" / "config.toml", "history", "20")


def test_a_whole_file_takes_the_place_of_the_one_it_was_made_from(file: Path) -> None:
    """Unless that one is no longer what it was."""
    install(file, "history = 30\n", former=WRITTEN)
    with pytest.raises(ConfigError, match="somebody else meanwhile"):
        install(file, "history = 40\n", former=WRITTEN)

    assert file.read_text() == "history = 30\n"
