"""`persona doctor`: every check in words, and a fix for what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from running import persona

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


def test_a_key_is_never_shown(home: Path, monkeypatch: Any) -> None:
    """Only whether it is set."""
    monkeypatch.setenv("TOGETHER_API_KEY", "very-secret-value")

    done = persona("doctor", home=home)

    assert "TOGETHER_API_KEY set" in done.stdout
    assert "secret" not in done.stdout + done.stderr
