"""A compiled voice that is not as it was saved: nothing of it is ever loaded."""

from __future__ import annotations

import io
import json
import os
from functools import partial

import numpy as np
import pytest
from fakes import HashEmbedder
from saved_voice import CHECKED, compiled, saved, small_ear

from brain.artifact import load_artifact
from brain.errors import ArtifactError
from brain.manifest import sha256
from brain.modules.learned import Learned, dump_learned


@pytest.fixture
def program(rules):
    """A compiled program of two demos."""
    return compiled(rules)


@pytest.fixture
def save(program, tmp_path):
    """Saves the program as the next version of `name`."""
    return partial(saved, program, tmp_path / "voices")


def tampered(folder, **changes):
    """Changes the manifest by hand; hashes of the other files are made to fit."""
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes()) | changes
    fields = {name: value for name, value in fields.items() if value is not ...}
    if "files" not in changes:
        fields["files"] = {file: sha256((folder / file).read_bytes()) for file in CHECKED}
    path.write_text(json.dumps(fields))


def refusal(folder, embed=None):
    with pytest.raises(ArtifactError) as caught:
        load_artifact(folder, embed or HashEmbedder())
    error = caught.value
    assert error.exit_code == 65
    assert str(folder) in error.message
    assert "\n" not in error.message
    assert error.hint
    return error


@pytest.mark.parametrize("file", [*CHECKED, "manifest.json"])
@pytest.mark.parametrize("fate", ["deleted", "emptied", "cut", "edited", "a folder"])
def test_a_file_that_is_not_as_it_was_saved_is_refused(save, file, fate):
    """Every file, every way: nothing is half loaded."""
    folder = save()
    path, content = folder / file, (folder / file).read_bytes()
    path.unlink()
    if fate == "a folder":
        path.mkdir()
    elif fate != "deleted":
        # An edit of the manifest is one that still is JSON, and of a hash.
        edited = (
            content.replace(b'"files": {', b'"files": {"x": "0",')
            if file == "manifest.json"
            else content[:-1] + bytes([content[-1] ^ 1])
        )
        path.write_bytes({"emptied": b"", "cut": content[: len(content) // 2], "edited": edited}[fate])

    refusal(folder)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not json", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"[]", "not a manifest of ours"),
        (b"null", "not a manifest of ours"),
        (b"{}", "not a manifest of ours"),
        (b'{"kind": "model-card", "schema_version": 1}', "not a manifest of ours"),
        (b'{"kind": "persona-artifact"}', "has schema version None"),
        (b'{"kind": "persona-artifact", "schema_version": "2"}', "has schema version '2'"),
        (b'{"kind": "persona-artifact", "schema_version": 0}', "has schema version 0"),
        (b'{"kind": "persona-artifact", "schema_version": 2}', "created: Field required"),
    ],
)
def test_a_manifest_that_is_none_of_ours_is_refused(save, content, told):
    """With its reason, in one line."""
    folder = save()
    (folder / "manifest.json").write_bytes(content)

    assert told in refusal(folder).message


def test_a_newer_artifact_asks_for_a_newer_program(save):
    """Compiling again would not help."""
    folder = save()
    tampered(folder, schema_version=3)

    error = refusal(folder)

    assert "schema version 3" in error.message
    assert error.hint == "Update this program."


def test_an_older_artifact_asks_to_be_compiled_again(save):
    """It holds no recipe and no ear; its conversations lie beside it."""
    folder = save()
    tampered(folder, schema_version=1)

    error = refusal(folder)

    assert "schema version 1" in error.message
    assert "persona compile" in error.hint


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"recipe": ...}, "recipe: Field required"),
        ({"recipe": {"k": "many"}}, "recipe.k: "),
        ({"recipe": {"strategy": "guess"}}, "recipe.strategy: "),
        ({"recipe": {"candidates": 0}}, "recipe.candidates: "),
        ({"longest": ...}, "longest: Field required"),
        ({"card": "short"}, "card: "),
        ({"surprise": 1}, "surprise: "),
        ({"persona": {"name": "N", "id": "../x"}}, "persona.id: "),
        ({"files": {}}, "names no demos.jsonl"),
        ({"files": {"program.json": "0"}}, "program.json: is not the file"),
        ({"files": {"../../secret": "0"}}, "points outside"),
        ({"files": {"/etc/passwd": "0"}}, "points outside"),
        ({"files": {"..": "0"}}, "cannot be read"),
        ({"files": {"": "0"}}, "cannot be read"),
    ],
)
def test_a_manifest_changed_by_hand_is_refused(save, changes, told):
    """A missing or strange key, hashes left out, and paths that lead elsewhere."""
    folder = save()
    tampered(folder, **changes)

    assert told in refusal(folder).message


def test_a_program_compiled_with_another_embedder_is_refused(save):
    """Vectors of two models cannot be compared: every demo would be a wrong one."""
    error = refusal(save(), HashEmbedder(name="other"))

    assert "hash-32" in error.message
    assert "other-32" in error.message


def array_of(shape):
    array = io.BytesIO()
    np.save(array, np.zeros(shape, np.float32))
    return array.getvalue()


def npz_of(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def ear_of_fewer_features():
    """As a program that counted one thing less would have learned it."""
    ear = small_ear()
    return dump_learned(
        Learned(ear=ear._replace(weights=ear.weights[:-1], centre=ear.centre[1:], spread=ear.spread[1:]))
    )


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("vectors.npy", b"\x93NUMPY"),
        ("vectors.npy", b"PK\x03\x04"),
        ("vectors.npy", array_of((3, 32))),
        ("vectors.npy", array_of((2, 16))),
        ("vectors.npy", array_of(64)),
        ("learned.npz", b""),
        ("learned.npz", b"PK\x03\x04"),
        ("learned.npz", array_of(2)),
        ("learned.npz", npz_of()),
        ("learned.npz", npz_of(nearness=np.zeros(3), shingles=np.zeros(0, np.uint64))),
        ("learned.npz", npz_of(nearness=np.zeros(2), shingles=np.zeros(0))),
        ("learned.npz", ear_of_fewer_features()),
        ("demos.jsonl", b""),
        ("program.json", b"{"),
        ("program.json", b"\xff"),
    ],
)
def test_files_that_cannot_be_right_are_refused_even_with_fitting_hashes(save, file, content):
    """Whoever can write the folder can write the hashes too: no shape is trusted."""
    folder = save()
    (folder / file).write_bytes(content)
    tampered(folder)

    refusal(folder)


def test_an_ear_of_other_features_is_told_as_such(save):
    """The program counts something more since; compiling again is all it takes."""
    folder = save()
    (folder / "learned.npz").write_bytes(ear_of_fewer_features())
    tampered(folder)

    error = refusal(folder)

    assert "other features" in error.message
    assert "persona compile" in error.hint


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("file", ["vectors.npy", "learned.npz"])
def test_loading_runs_no_code_that_came_with_the_file(save, tmp_path, file):
    """An array can carry a pickle, and a pickle a program."""
    folder = save()
    trap = np.array([Trap(tmp_path / "sprung")], dtype=object)
    if file == "vectors.npy":
        np.save(folder / file, trap, allow_pickle=True)
    else:
        np.savez(folder / file, shingles=trap, nearness=np.zeros(2))
    tampered(folder)

    refusal(folder)

    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("state", [{}, [], {"replier.reply": {}}, {"metadata": {}}])
def test_a_state_that_is_not_the_programs_is_refused(save, rules, state):
    """A predictor was renamed, or the file is another's."""
    folder = save()
    (folder / "program.json").write_text(json.dumps(state))
    tampered(folder)
    artifact = load_artifact(folder, HashEmbedder())

    with pytest.raises(ArtifactError) as caught:
        artifact.program(rules)

    assert str(folder) in caught.value.message
    assert caught.value.hint


def test_a_program_with_other_demos_than_its_own_is_refused(save, rules):
    """Two artifacts were mixed: the state knows the hash of its bank."""
    folder = save()
    (folder / "demos.jsonl").write_bytes((folder / "demos.jsonl").read_bytes().replace(b"mornin", b"moomin"))
    tampered(folder)
    artifact = load_artifact(folder, HashEmbedder())

    with pytest.raises(ArtifactError, match="other demos") as caught:
        artifact.program(rules)

    assert str(folder) in caught.value.message


def test_a_program_compiled_for_other_signatures_is_refused(save, rules):
    """DSPy would load renamed fields without a word and then show no demos."""
    folder = save()
    tampered(folder, signature_sha256="0")

    with pytest.raises(ArtifactError, match="other signatures"):
        load_artifact(folder, HashEmbedder()).program(rules)
