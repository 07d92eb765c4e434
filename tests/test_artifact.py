"""A compiled voice on disk: what was saved comes back, and nothing else is ever loaded."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import threading
from datetime import UTC, datetime

import dspy
import numpy as np
import pytest
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, talk

from brain.adapters import ChatTurnAdapter
from brain.artifact import find_artifact, load_artifact, new_manifest, save_artifact, sha256, versions
from brain.demos import DemoBank, Row
from brain.errors import ArtifactError, NotFoundError
from brain.models import Habits, Persona
from brain.modules.chat import ChatProgram

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
DATASET = json.dumps(
    [
        {"chat_history": {"messages": [{"from_creator": False, "content": asked}]}, "output": answered}
        for asked, answered in (("good morning", "mornin"), ("good night", "nn"))
    ]
).encode()
CHECKED = ("program.json", "demos.jsonl", "vectors.npy")


@pytest.fixture
def program(rules):
    """A compiled program of two demos."""
    chat = ChatProgram(Persona(name="Nela", id="nela", facts=("She makes pots.",)), rules, habits=Habits(longest=17))
    rows = [Row("0", "good morning", "mornin"), Row("1", "good night", "nn")]
    chat.replier.use(DemoBank.build(rows, HashEmbedder()), 1)
    return chat


@pytest.fixture
def save(program, tmp_path):
    """Saves the program as the next version of `name`."""

    def saved(name="nela", **more):
        manifest = new_manifest(program, dataset_sha256=sha256(DATASET), now=NOW, **more)
        return save_artifact(tmp_path / "voices", name, program, manifest, dataset=DATASET)

    return saved


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


def prompt_of(program):
    engine = ScriptedEngine(["oh hello"])
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        program(conversation=talk("good morning"), now=NOW)
    return engine.prompts[0]


def test_a_saved_program_answers_as_before(program, save, rules):
    """The same prompt goes out: persona, demos and instructions, down to what an optimizer had learned."""
    predictor = program.replier.reply
    predictor.signature = predictor.signature.with_instructions("Write like a potter.")
    artifact = load_artifact(save(), HashEmbedder())
    loaded = artifact.program(rules)

    assert prompt_of(loaded) == prompt_of(program)
    assert prompt_of(loaded)[0]["content"].startswith("Write like a potter.")
    assert (loaded.replier.habits.longest, loaded.replier.reply.k) == (17, 1)


def test_the_manifest_tells_what_was_compiled_and_with_what(program, save):
    """An engineer reads it months later."""
    manifest = load_artifact(save(scores={"length": 0.1}, notes={"left_out": 2}), HashEmbedder()).manifest

    assert (manifest.created, manifest.embedder, manifest.dimension) == (NOW, "hash-32", 32)
    assert (manifest.rows, manifest.k, manifest.habits.longest) == (2, 1, 17)
    assert (manifest.scores, manifest.notes) == ({"length": 0.1}, {"left_out": 2})
    assert manifest.versions["dspy"] == dspy.__version__
    assert manifest.versions["numpy"] == np.__version__
    assert manifest.persona == program.persona
    assert manifest.dataset_sha256 == sha256(DATASET)
    assert manifest.files.keys() == set(CHECKED)


def test_the_conversations_it_was_compiled_from_travel_along(save):
    """Evaluation needs them; a demo's id is the index in them."""
    artifact = load_artifact(save(), HashEmbedder())

    assert [each.output for each in artifact.conversations()] == ["mornin", "nn"]
    assert artifact.conversations()[int(artifact.bank.row(1).id)].output == artifact.bank.row(1).reply


def test_there_is_no_pickle_anywhere(save):
    """A file from a stranger must not be able to run code: JSON, JSON Lines and one plain array."""
    folder = save()

    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert files.keys() == {*CHECKED, "manifest.json", "conversations.json"}
    for name in ("manifest.json", "program.json", "conversations.json"):
        json.loads(files[name])
    assert [json.loads(line)["reply"] for line in files["demos.jsonl"].splitlines()] == ["mornin", "nn"]
    vectors = np.load(folder / "vectors.npy", allow_pickle=False)
    assert (vectors.dtype, vectors.shape) == (np.float32, (2, 32))


def test_nobody_else_on_the_machine_may_read_it(save):
    """It holds private conversations."""
    folder = save()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_versions_count_up_and_the_newest_is_found(save, tmp_path):
    """Ten comes after nine; a version once saved is never touched again."""
    first = save()
    before = (first / "manifest.json").read_bytes()
    folders = [save() for _ in range(10)]

    assert versions(tmp_path / "voices", "nela") == tuple(range(1, 12))
    assert find_artifact(tmp_path / "voices", "nela") == folders[-1]
    assert find_artifact(tmp_path / "voices", "nela@2") == folders[0]
    assert load_artifact(folders[-1], HashEmbedder()).label == "nela@11"
    assert (first / "manifest.json").read_bytes() == before


def test_a_deleted_version_leaves_its_number_unused(save):
    """A number in use is never taken twice."""
    save()
    second, _ = save(), save()
    shutil.rmtree(second)

    assert save().name == "4"


def test_saves_at_the_same_time_all_survive(program, tmp_path):
    """Each gets a number of its own."""
    manifest = new_manifest(program, dataset_sha256=sha256(DATASET), now=NOW)
    ready, folders = threading.Barrier(6), []

    def save():
        ready.wait()
        folders.append(save_artifact(tmp_path, "nela", program, manifest, dataset=DATASET))

    threads = [threading.Thread(target=save) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(folder.name for folder in folders) == list("123456")
    assert {load_artifact(folder, HashEmbedder()).manifest.created for folder in folders} == {NOW}
    assert sorted(entry.name for entry in (tmp_path / "nela").iterdir()) == list("123456")


def test_a_half_written_version_is_never_found(save, tmp_path):
    """A crash leaves a temporary folder; it counts as nothing."""
    save()
    crashed = tmp_path / "voices" / "nela" / ".new-abc"
    crashed.mkdir()
    (crashed / "program.json").write_text("{")

    assert versions(tmp_path / "voices", "nela") == (1,)
    assert find_artifact(tmp_path / "voices", "nela").name == "1"


def test_a_save_that_fails_leaves_nothing_behind(program, tmp_path):
    """Not even its temporary folder."""
    manifest = new_manifest(program, dataset_sha256="", now=NOW)
    with pytest.raises(TypeError):
        save_artifact(tmp_path, "nela", program, manifest, dataset="a text is no bytes")

    assert list((tmp_path / "nela").iterdir()) == []


@pytest.mark.parametrize("name", ["", "Nela", "a b", "../nela", "a/b", ".", "-x", "nela@2", "é", "a" * 65])
def test_an_unusable_name_is_refused_before_anything_is_written(program, tmp_path, name):
    """It becomes a folder, and stands before an @."""
    manifest = new_manifest(program, dataset_sha256="", now=NOW)
    with pytest.raises(ArtifactError, match="no name for a voice"):
        save_artifact(tmp_path, name, program, manifest, dataset=DATASET)

    assert list(tmp_path.iterdir()) == []


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


@pytest.mark.parametrize("fate", ["deleted", "edited"])
def test_changed_conversations_stop_an_evaluation_but_no_chat(save, rules, fate):
    """A chat never reads them."""
    folder = save()
    (folder / "conversations.json").write_bytes(DATASET + b" ")
    if fate == "deleted":
        (folder / "conversations.json").unlink()
    artifact = load_artifact(folder, HashEmbedder())

    assert prompt_of(artifact.program(rules))
    with pytest.raises(ArtifactError, match="not the file that was compiled"):
        artifact.conversations()


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
        (b'{"kind": "persona-artifact", "schema_version": "1"}', "has schema version '1'"),
        (b'{"kind": "persona-artifact", "schema_version": 0}', "has schema version 0"),
        (b'{"kind": "persona-artifact", "schema_version": 1}', "created: Field required"),
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
    tampered(folder, schema_version=2)

    error = refusal(folder)

    assert "schema version 2" in error.message
    assert error.hint == "Update this program."


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"k": ...}, "k: Field required"),
        ({"k": "many"}, "k: "),
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


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("vectors.npy", b"\x93NUMPY"),
        ("vectors.npy", b"PK\x03\x04"),
        ("vectors.npy", array_of((3, 32))),
        ("vectors.npy", array_of((2, 16))),
        ("vectors.npy", array_of(64)),
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


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_loading_runs_no_code_that_came_with_the_file(save, tmp_path):
    """An array can carry a pickle, and a pickle a program."""
    folder = save()
    np.save(folder / "vectors.npy", np.array([Trap(tmp_path / "sprung")], dtype=object), allow_pickle=True)
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


def test_an_artifact_may_lie_anywhere(save, tmp_path):
    """A folder from a colleague is used by its path."""
    moved = tmp_path / "from ann"
    shutil.copytree(save(), moved)

    assert find_artifact(tmp_path / "voices", str(moved)) == moved
    assert load_artifact(moved, HashEmbedder()).label == "from ann"


@pytest.mark.parametrize("voice", ["ann", "nela@7", "nela@x", "nela@²", "", "./none", "@1"])
def test_what_is_not_there_is_named(save, tmp_path, voice):
    """With what there is, or how to make it; exit code 66."""
    save()
    with pytest.raises(NotFoundError) as caught:
        find_artifact(tmp_path / "voices", voice)

    assert caught.value.hint
    assert caught.value.exit_code == 66


def test_a_version_may_be_written_with_zeros(save, tmp_path):
    """`nela@01` is `nela@1`."""
    folder = save()

    assert find_artifact(tmp_path / "voices", "nela@01") == folder
