"""What a voice is compiled from: its file or sources, and the user's lessons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from running import persona_here

from brain.artifact import load_artifact, read_manifest, versions
from brain.bundled import BUNDLED
from brain.config import load_settings
from brain.errors import DataError, NotFoundError
from brain.lessons import keep_lesson, lessons_file
from brain.lms.embedder import load_embedder
from brain.models import LabeledConversation, Persona
from brain.origin import kept_origin, read_origin, save_sources
from brain.voices import open_artifact
from optimizers.compile import compile_voice

if TYPE_CHECKING:
    from pathlib import Path

    from brain.artifact import Artifact


def row(asked: str, answered: str) -> dict[str, Any]:
    return {"chat_history": {"messages": [{"from_creator": False, "content": asked}]}, "output": answered}


def lesson(asked: str, answered: str) -> LabeledConversation:
    return LabeledConversation.model_validate(row(asked, answered))


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "conversations.json"
    file.write_text(json.dumps(list(rows)))
    return file


def compiled(home: Path, file: Path, name: str = "ada") -> Artifact:
    folder = compile_voice(load_settings({"home": home}), read_origin(file, name), name=name)
    return load_artifact(folder, load_embedder())


def demos(artifact: Artifact) -> list[tuple[str, str, str]]:
    return [tuple(artifact.bank.row(at)) for at in range(len(artifact.bank))]  # type: ignore[misc]


def test_lessons_are_learned_after_everything_else(tmp_path: Path) -> None:
    """Each once; a demo's id stays the index of its row, and what was compiled can be evaluated."""
    file = written(tmp_path, {**row("hi", "yo"), "note": "mine"}, row("bye", "see you"))
    voices = tmp_path / "data" / "voices"
    keep_lesson(voices, "ada", lesson("how are you", "grand"))
    keep_lesson(voices, "ada", lesson("hi", "yo").model_copy())

    artifact = compiled(tmp_path, file)

    assert demos(artifact) == [("0", "hi", "yo"), ("1", "bye", "see you"), ("2", "how are you", "grand")]
    conversations = artifact.conversations()
    assert [one.output for one in conversations][:3] == ["yo", "see you", "grand"]
    assert conversations[0].model_dump()["note"] == "mine"
    assert artifact.manifest.notes["lessons"] == 2
    assert artifact.manifest.notes["lessons_left_out"] == 0


def test_a_lesson_the_policy_forbids_is_left_out_and_counted(tmp_path: Path) -> None:
    """Like any other reply."""
    file = written(tmp_path, row("hi", "yo"))
    keep_lesson(tmp_path / "data" / "voices", "ada", lesson("where are you", "find me on instagram"))
    keep_lesson(tmp_path / "data" / "voices", "ada", lesson("really", "no"))

    done = persona_here("compile", str(file), "--name", "ada", home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "1 lesson of yours in it" in done.stderr
    assert "1 of your lessons left out" in done.stderr
    assert b"instagram" not in next((tmp_path / "data" / "voices" / "ada" / "1").glob("demos.jsonl")).read_bytes()


def test_without_new_lessons_the_file_is_kept_as_it_was(tmp_path: Path) -> None:
    """Byte for byte, odd spacing and all."""
    file = written(tmp_path, row("hi", "yo"))
    file.write_text(f"  {file.read_text()}\n\n")
    keep_lesson(tmp_path / "data" / "voices", "ada", lesson("hi", "yo"))

    artifact = compiled(tmp_path, file)

    assert (artifact.path / "conversations.json").read_bytes() == file.read_bytes()


def test_a_lesson_that_cannot_be_read_stops_the_compile_before_anything_is_written(tmp_path: Path) -> None:
    """Nothing of it is lost silently."""
    file = written(tmp_path, row("hi", "yo"))
    broken = lessons_file(tmp_path / "data" / "voices", "ada")
    broken.parent.mkdir(parents=True)
    broken.write_text('{"chat')

    with pytest.raises(DataError, match="line 1"):
        compiled(tmp_path, file)

    assert versions(tmp_path / "data" / "voices", "ada") == ()


def test_a_voice_is_compiled_again_by_its_name(tmp_path: Path) -> None:
    """From its newest version's own conversations and persona, where it has no sources of its own."""
    (tmp_path / "persona.toml").write_text('name = "Ada Lo"\n')
    compiled(tmp_path, written(tmp_path, row("hi", "yo")))
    keep_lesson(tmp_path / "data" / "voices", "ada", lesson("and you", "same"))

    second = persona_here("compile", "ada", home=tmp_path)
    third = persona_here("compile", "ada", "-k", "1", home=tmp_path)

    assert second.returncode == third.returncode == 0, second.stderr
    for version in (2, 3):
        artifact = load_artifact(tmp_path / "data" / "voices" / "ada" / str(version), load_embedder())
        assert [one.output for one in artifact.conversations()] == ["yo", "same"]
        assert artifact.manifest.persona == Persona(name="Ada Lo", id="ada")
        assert artifact.manifest.notes["lessons"] == 1


def test_sources_of_a_voice_go_ahead_of_its_versions(tmp_path: Path) -> None:
    """They may be changed by hand; a voice with a persona alone has no conversations yet."""
    voices = tmp_path / "voices"
    persona = Persona(name="Ada", id="ada", about='Says "hm".\nOften.', facts=("One.",), style=("short",))
    save_sources(voices, "ada", [], persona)
    bare = kept_origin(voices, "ada")
    save_sources(voices, "ada", [lesson("hi", "yo 🫖")], persona)

    assert (bare.conversations, bare.persona) == ((), persona)
    assert kept_origin(voices, "ada").conversations == (lesson("hi", "yo 🫖"),)
    assert kept_origin(voices, "ada").persona == persona
    with pytest.raises(NotFoundError, match="no voice called 'bob'"):
        kept_origin(voices, "bob")


def test_a_name_that_is_neither_file_nor_voice_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file needs a name for its voice; a voice must be there."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, row("hi", "yo")).rename(tmp_path / "talks")

    words = ("talks", "bob", "a.json", "bob@2")
    file, nobody, odd, version = (persona_here("compile", word, home=tmp_path / "h") for word in words)

    assert (file.returncode, nobody.returncode, odd.returncode, version.returncode) == (2, 66, 2, 2)
    assert "persona compile bob" in version.stderr
    assert "--name NAME" in file.stderr
    assert "no voice called 'bob'" in nobody.stderr


def test_the_bundled_voice_learns_lessons_and_stays_compiled(tmp_path: Path) -> None:
    """It is compiled anew when its own data change, not for having more than they."""
    settings = load_settings({"home": tmp_path})
    keep_lesson(settings.voices_dir, BUNDLED, lesson("how is the kiln", "asleep, like the cat"))

    first = open_artifact(settings)
    second = open_artifact(settings)

    assert first.path == second.path
    assert first.conversations()[-1].output == "asleep, like the cat"
    assert read_manifest(first.path).notes["lessons"] == 1
    assert kept_origin(settings.voices_dir, BUNDLED).bundled
