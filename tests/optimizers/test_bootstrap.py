"""Choosing the demos that always stand."""

from __future__ import annotations

import json

from practising import BOILERPLATE, EngineThat, labeled, material, optimization, real_reply

from brain.artifact import load_artifact
from brain.config import load_settings
from brain.lms.embedder import load_embedder
from brain.origin import read_origin
from evals.halves import halves
from optimizers.compile import compile_voice


def shown(turns):
    """The replies that stand as demos."""
    return [turn["content"] for turn in turns if turn["role"] == "assistant"]


def test_a_better_set_of_real_replies_is_found_and_saved(rules, tmp_path):
    """Where one word in a demo makes the model speak well, a set with it is taken, from the practice half alone."""
    rows = labeled()
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([row.model_dump(mode="json") for row in rows]))

    def say(turns):
        return real_reply(turns) if sum("no " in reply for reply in shown(turns)) == 2 else BOILERPLATE

    engine = EngineThat(say)
    run = optimization(tmp_path, engine, "bootstrap")

    def without_rhythm(given):
        ours = material(rules)
        return run(given._replace(program=ours.program, student=ours.student))

    folder = compile_voice(
        load_settings({"home": tmp_path}), read_origin(file, "ada"), name="ada", optimize=without_rhythm
    )

    found = run.found
    assert len(found.variant.demos) in {3, 6}
    assert {int(id) for id in found.variant.demos} <= set(halves(len(rows)).practice)
    artifact = load_artifact(folder, load_embedder())
    replier = artifact.program(rules).replier
    assert [demo["reply"] for demo in replier.reply.demos] == [rows[int(id)].output for id in found.variant.demos]
    assert artifact.manifest.recipe.k == 0
    assert artifact.manifest.notes["optimizer"]["with"] == "bootstrap"


def test_the_model_s_own_words_are_never_demos(rules, tmp_path):
    """They would teach it its own voice."""
    engine = EngineThat(lambda _: BOILERPLATE)

    found = optimization(tmp_path, engine, "bootstrap")(material(rules))

    assert found.variant.demos == ()
    real = {row.output for row in labeled()}
    assert all(set(shown(prompt)) <= real for prompt in engine.prompts)
