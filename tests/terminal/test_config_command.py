"""`persona config`: what is set, by whom, and how it is changed."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest
from running import persona
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    return tmp_path / "home"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An editor that does with the file whatever the test says, in Python; `text` is what it says, `file` where."""

    def make(work: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(
            "import sys\nfrom pathlib import Path\n"
            f"file = Path(sys.argv[1])\ntext = file.read_text()\n{work}\nfile.write_text(text)\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    return make


def written(home: Path, text: str) -> Path:
    file = home / "config" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def shown(home: Path, *arguments: str) -> dict[str, Any]:
    done = persona("config", "show", "--json", *arguments, home=home)
    assert done.returncode == 0, done.stdout
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_every_value_and_where_it_comes_from(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All six sources, each named so that it can be found; nothing is left out."""
    user = written(home, 'model = "ollama/user"\nvoice = "ada"\n')
    voice = home / "data" / "voices" / "ada" / "settings.toml"
    voice.parent.mkdir(parents=True)
    voice.write_text("temperature = 0.1\n")
    (tmp_path / "persona.toml").write_text("history = 9\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERSONA_TIMEOUT", "7")

    rows = {row["name"]: (row["value"], row["source"], row["origin"]) for row in shown(home)["settings"]}
    flag = {row["name"]: row["source"] for row in shown(home, "--voice", "bob")["settings"]}

    assert rows["model"] == ("ollama/user", "user", str(user))
    assert rows["temperature"] == (0.1, "voice", str(voice))
    assert rows["history"] == (9, "folder", str(tmp_path / "persona.toml"))
    assert rows["timeout"] == (7.0, "environment", "$PERSONA_TIMEOUT")
    assert rows["num_ctx"] == (4096, "built-in", "built-in")
    assert (flag["voice"], flag["temperature"]) == ("flag", "built-in")


def test_show_is_what_config_does_by_itself_a_line_a_setting(home: Path) -> None:
    """In a pipe the fields stand between tabs."""
    written(home, "history = 10\n")

    done = persona("config", home=home)

    assert f"history\t10\t{home}/config/config.toml" in done.stdout.splitlines()
    assert done.stdout == persona("config", "show", home=home).stdout


def test_a_terminal_shows_a_table(home: Path) -> None:
    """With the sources beside the values."""
    written(home, "history = 10\n")

    with Terminal("config", home=home, columns=120, rows=40) as terminal:
        assert terminal.end() == 0

    assert "setting" in terminal.text
    assert f"{home}/config/config.toml" in terminal.text.replace("\n", "").replace(" ", "")
    assert "not set" in terminal.text


def test_no_password_is_shown(home: Path) -> None:
    """By no verb, in no form."""
    written(home, 'database_url = "postgresql://me:s3:cr@t@localhost/talk"\n')

    said = [persona("config", *verb, home=home) for verb in (["show"], ["show", "--json"], ["path"])]
    said.append(persona("config", "get", "database_url", home=home))

    assert said[-1].stdout == "postgresql://***@localhost/talk\n"
    for done in said:
        assert "postgresql://***@localhost/talk" in done.stdout
        assert "cr@t" not in done.stdout + done.stderr


def test_a_mistyped_variable_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the one that was probably meant; it stops nothing."""
    monkeypatch.setenv("PERSONA_MODLE", "ollama/x")

    done = persona("config", "show", home=home)

    assert done.returncode == 0
    assert done.stderr == "PERSONA_MODLE is no setting. Did you mean PERSONA_MODEL?\n"
    assert shown(home)["unknown_variables"] == ["PERSONA_MODLE"]
    assert persona("-q", "config", "show", home=home).stderr == ""


def test_one_value_for_a_script(home: Path) -> None:
    """As a settings file has it; an empty line when it is not set."""
    written(home, "audit = false\nnum_ctx = 8192\n")

    said = [persona("config", "get", name, home=home).stdout for name in ("audit", "num-ctx", "model", "voice")]

    assert said == ["false\n", "8192\n", "\n", "nela\n"]


def test_a_value_is_set_and_taken_out(home: Path) -> None:
    """Where it was written is said; comments stay."""
    file = written(home, "# mine\n")

    assert persona("config", "set", "num-ctx", "8192", home=home).stderr == f"✓ num_ctx is set in {file}\n"
    assert persona("config", "set", "keep_alive", "-1", home=home).returncode == 0
    assert file.read_text() == '# mine\nnum_ctx = 8192\nkeep_alive = "-1"\n'
    assert "no longer set" in persona("config", "unset", "num_ctx", home=home).stderr
    assert "is not set in" in persona("config", "unset", "num_ctx", home=home).stderr
    assert file.read_text() == '# mine\nkeep_alive = "-1"\n'


def test_a_stronger_source_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or one would wonder why nothing changes."""
    monkeypatch.setenv("PERSONA_MODEL", "ollama/shell")

    done = persona("config", "set", "model", "embedded", home=home)

    assert done.stderr.splitlines()[1:] == ["  $PERSONA_MODEL is stronger here: ollama/shell"]


def test_a_voice_has_settings_of_its_own(home: Path) -> None:
    """They hold when that voice talks, and for no other."""
    done = persona("config", "set", "--voice", "nela", "temperature", "0.25", home=home)

    assert done.returncode == 0
    assert persona("config", "get", "temperature", home=home).stdout == "0.25\n"
    assert persona("config", "get", "temperature", "--voice", "ada", home=home).stdout == "0.7\n"
    assert persona("config", "set", "--voice", "nela", "audit", "false", home=home).returncode == 78
    assert persona("config", "set", "--voice", "nella", "history", "9", home=home).returncode == 66
    assert persona("config", "set", "--voice", "./nela", "history", "9", home=home).returncode == 78


def test_a_path_is_written_so_that_it_is_found_from_anywhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was typed where one stood."""
    monkeypatch.chdir(tmp_path)

    persona("config", "set", "policy", "rules.toml", home=home)

    assert persona("config", "get", "policy", home=home).stdout == f"{tmp_path / 'rules.toml'}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("set", "modle", "x"), 78, "no setting is called `modle`"),
        (("set", "history", "1"), 78, "must be a whole number from 2 to 1,000"),
        (("get", "modle"), 78, "no setting is called `modle`"),
        (("path", "mars"), 66, "no place called 'mars'"),
        (("sett", "model", "x"), 2, "Did you mean 'set'?"),
    ],
)
def test_every_mistake_has_a_line_and_a_code(home: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    """And a hint."""
    done = persona("config", *arguments, home=home)

    assert done.returncode == code
    assert told in done.stderr


def test_a_broken_file_is_told_and_can_be_mended(home: Path) -> None:
    """The verbs that mend it work all the same."""
    file = written(home, "modle = 1\nhistory = 1\n")

    wrong = persona("config", "show", "--json", home=home)
    assert wrong.returncode == 78
    assert json.loads(wrong.stdout)["error"]["code"] == "config"
    assert persona("config", "path", "config", home=home).stdout == f"{file}\n"
    assert persona("config", "unset", "modle", home=home).returncode == 0
    assert persona("config", "set", "history", "20", home=home).returncode == 0
    assert persona("config", "get", "history", home=home).stdout == "20\n"


def test_every_place_is_told(home: Path) -> None:
    """All of them in the one folder."""
    found = json.loads(persona("config", "path", "--json", home=home).stdout)

    assert list(found) == ["config", "project", "data", "voices", "store", "state", "cache"]
    assert all(place.startswith(str(home)) for name, place in found.items() if name != "project")
    assert not home.exists()


def test_an_edited_file_takes_effect(home: Path, editor: Any) -> None:
    """A new one begins as a list of what can be set; its owner alone may read it."""
    editor('assert "# history = " in text\ntext += "history = 12\\n"')

    done = persona("config", "edit", home=home)

    file = home / "config" / "config.toml"
    assert done.stderr == f"✓ {file}\n"
    assert persona("config", "get", "history", home=home).stdout == "12\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in file.parent.iterdir()) == [".settings.lock", "config.toml"]


def test_a_broken_edit_is_not_installed_and_not_lost(home: Path, editor: Any) -> None:
    """The text is kept beside the file, and its path is told."""
    file = written(home, "history = 12\n")
    editor('text = "history = 1\\n"')

    done = persona("config", "edit", home=home)

    (kept,) = file.parent.glob("config-edited-*.toml")
    assert done.returncode == 78
    assert f"Your text is kept: {kept}" in done.stderr
    assert "must be a whole number" in done.stderr
    assert (file.read_text(), kept.read_text()) == ("history = 12\n", "history = 1\n")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_file_that_changed_meanwhile_is_not_overwritten(home: Path, editor: Any) -> None:
    """Both texts are there afterwards."""
    file = written(home, "history = 12\n")
    editor(f'Path({str(file)!r}).write_text("history = 13\\n")\ntext = "history = 14\\n"')

    done = persona("config", "edit", home=home)

    assert done.returncode == 78
    assert "somebody else meanwhile" in done.stderr
    assert file.read_text() == "history = 13\n"
    assert next(file.parent.glob("config-edited-*.toml")).read_text() == "history = 14\n"


@pytest.mark.parametrize("work", ["", "sys.exit(3)"])
def test_an_edit_that_changes_nothing_leaves_nothing(home: Path, editor: Any, work: str) -> None:
    """Also when the editor fails, or is asked for with --no-input."""
    file = written(home, "history = 12\n")
    editor(work)

    done = persona("config", "edit", home=home)

    assert done.returncode == (69 if work else 0)
    assert persona("--no-input", "config", "edit", home=home).returncode == 2
    assert [entry.name for entry in file.parent.iterdir() if entry.suffix == ".toml"] == ["config.toml"]


def test_a_broken_edit_may_be_opened_again(home: Path, editor: Any) -> None:
    """In a terminal; elsewhere it is told."""
    editor('text = "history = 20\\n" if text == "history = 1\\n" else "history = 1\\n"')

    assert persona("config", "edit", home=home).returncode == 78
    with Terminal("config", "edit", home=home) as terminal:
        terminal.wait("Open it again? [Y/n]")
        terminal.say("y")
        assert terminal.end() == 0

    assert persona("config", "get", "history", home=home).stdout == "20\n"


def test_the_help_of_set_says_what_can_be_set(home: Path) -> None:
    """Every setting with its meaning; `home` is none of them, since no file can hold it."""
    said = persona("config", "set", "--help", home=home).stdout

    assert all(f"\n  {name} " in said for name in ("model", "typing_speed", "database_url", "read_situation"))
    assert "\n  home " not in said
