"""`persona doctor`: every check in words, and a fix for what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from running import persona

from brain.store.store import Store
from brain.store.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path


def checks(home: Path) -> tuple[int, dict[str, Any]]:
    done = persona("doctor", "--json", home=home)
    return done.returncode, {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_a_sound_machine(home: Path) -> None:
    """Everything that is needed is there; what nobody needs is neither right nor wrong."""
    code, found = checks(home)

    assert code == 0
    for name in ("Python", "dspy", "model file", "embedder", "data folder", "policy", "voice"):
        assert found[name]["good"] is True, found[name]
    assert found["Ollama"]["good"] is None
    assert "SHA-256" in found["model file"]["found"]
    assert "nela@1" in found["voice"]["found"]


def test_words_and_marks_for_people(home: Path) -> None:
    """Not by colour alone."""
    done = persona("doctor", home=home)

    assert "✓ ok  Python" in done.stdout
    assert "\x1b[" not in done.stdout


def test_a_broken_voice_is_named_with_its_fix(home: Path) -> None:
    """And the exit code says so."""
    (home / "data" / "voices" / "nela" / "1" / "demos.jsonl").write_text("{}")

    code, found = checks(home)

    assert code == 65
    assert found["voice"]["good"] is False
    assert "compile" in found["voice"]["fix"]


def test_settings_and_store_are_named(home: Path, monkeypatch: Any) -> None:
    """Which files were read, what was mistyped, and in which version the conversations lie."""
    config = home / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text("history = 20\n")
    monkeypatch.setenv("PERSONA_MODLE", "x")

    said = persona("doctor", home=home).stdout

    assert f"✓ ok  settings         {config}: history" in said.replace("\n", "")
    assert "PERSONA_MODLE is no setting. Did you mean PERSONA_MODEL?" in said
    assert "persona.db (made on first use)" in said.replace("\n", "")
    assert "✓ ok  terminal         not a terminal, TERM=" in said
    assert not (home / "data" / "persona.db").exists()


def test_a_store_is_opened_to_see_whether_it_can_be(home: Path) -> None:
    """Ours has a version; what is not ours is told, and left alone."""
    Store(f"sqlite:///{home / 'data' / 'persona.db'}").close()
    sound = checks(home)[1]["store"]
    (home / "data" / "persona.db").write_bytes(b"not a database at all" * 100)
    for more in (home / "data").glob("persona.db-*"):
        more.unlink()
    code, broken = checks(home)

    assert sound["good"] is True
    assert f"schema {SCHEMA_VERSION}" in sound["found"]
    assert broken["store"]["good"] is False
    assert broken["store"]["fix"]
    assert code == broken["store"]["exit_code"]


def test_a_server_that_does_not_answer_is_told_without_its_password(home: Path, monkeypatch: Any) -> None:
    """It is the store of the settings."""
    monkeypatch.setenv("PERSONA_DATABASE_URL", "postgresql://me:secret@127.0.0.1:9/talk")

    _, found = checks(home)

    assert found["store"]["good"] is False
    assert "secret" not in json.dumps(found)


def test_a_wrong_setting_stops_what_depends_on_it(home: Path, monkeypatch: Any) -> None:
    """It is told with its fix and its exit code."""
    monkeypatch.setenv("PERSONA_HISTORY", "many")

    code, found = checks(home)

    assert code == 78
    assert "must be a whole number" in found["settings"]["found"]
    assert "voice" not in found


def test_a_key_is_never_shown(home: Path, monkeypatch: Any) -> None:
    """Only whether it is set."""
    monkeypatch.setenv("TOGETHER_API_KEY", "very-secret-value")

    done = persona("doctor", home=home)

    assert "TOGETHER_API_KEY set" in done.stdout
    assert "secret" not in done.stdout + done.stderr
