"""A compiled voice on disk: what was saved comes back, whole and under its number."""

from __future__ import annotations

import io
import json
import shutil
import stat
import threading
import zipfile
from functools import partial

import dspy
import numpy as np
import pytest
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, talk
from saved_voice import CHECKED, COPIED, DATASET, NOW, RECIPE, compiled, saved

from brain.adapters import ChatTurnAdapter
from brain.artifact import find_artifact, load_artifact, save_artifact, versions
from brain.copies import copied
from brain.errors import ArtifactError, NotFoundError, UnavailableError
from brain.manifest import new_manifest, sha256
from brain.modules.learned import Learned


@pytest.fixture
def program(rules):
    """A compiled program of two demos."""
    return compiled(rules)


@pytest.fixture
def save(program, tmp_path):
    """Saves the program as the next version of `name`."""
    return partial(saved, program, tmp_path / "voices")


def prompt_of(program):
    engine = ScriptedEngine(["oh hello", "hello oh"])
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
    assert loaded.replier.recipe == RECIPE
    assert (loaded.replier.reply.k, loaded.replier.reply.strategy) == (RECIPE.k, RECIPE.strategy)


def test_what_was_learned_comes_back(program, save, rules):
    """Card, length, nearness, ear and the runs of words that are the client's; bit for bit."""
    before, after = program.replier.learned, load_artifact(save(), HashEmbedder()).program(rules).replier.learned

    assert (after.longest, after.card, after.nearness) == (before.longest, before.card, before.nearness)
    assert copied(COPIED, after.shingles)
    np.testing.assert_array_equal(after.shingles, before.shingles)
    for one, other in zip(after.ear, before.ear, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_voice_without_an_ear_comes_back_too(program, save, rules):
    """Nine replies train none."""
    program.replier.use(program.replier.bank, learned=Learned())
    learned = load_artifact(save(), HashEmbedder()).program(rules).replier.learned

    assert (learned.ear, learned.card, len(learned.shingles)) == (None, (), 0)


def test_the_manifest_tells_what_was_compiled_and_with_what(program, save):
    """An engineer reads it months later."""
    manifest = load_artifact(save(scores={"length": 0.1}, notes={"left_out": 2}), HashEmbedder()).manifest

    assert (manifest.created, manifest.embedder, manifest.dimension) == (NOW, "hash-32", 32)
    assert (manifest.rows, manifest.recipe, manifest.longest) == (2, RECIPE, 17)
    assert manifest.card == ("about 2 words a message",)
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
    """A file from a stranger must not be able to run code: JSON, JSON Lines and plain arrays."""
    folder = save()

    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert files.keys() == {*CHECKED, "manifest.json", "conversations.json"}
    for name in ("manifest.json", "program.json", "conversations.json"):
        json.loads(files[name])
    assert [json.loads(line)["reply"] for line in files["demos.jsonl"].splitlines()] == ["mornin", "nn"]
    vectors = np.load(folder / "vectors.npy", allow_pickle=False)
    assert (vectors.dtype, vectors.shape) == (np.float32, (2, 32))
    with zipfile.ZipFile(io.BytesIO(files["learned.npz"])) as arrays:
        for name in arrays.namelist():
            assert not np.load(io.BytesIO(arrays.read(name)), allow_pickle=False).dtype.hasobject


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


def test_a_voice_that_cannot_be_written_is_told(save, tmp_path):
    """A file stands where its folder should, for one."""
    (tmp_path / "voices").write_text("")

    with pytest.raises(UnavailableError, match="the voice cannot be saved"):
        save()


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
