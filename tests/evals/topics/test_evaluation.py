"""The whole measurement on little material."""

from __future__ import annotations

from collections import Counter

import pytest
from topic_samples import an_example

from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules
from evals.topics.corpora import Corpus
from evals.topics.evaluation import Material, evaluate_topics, measure_ordinary
from evals.topics.examples import ExampleSet
from evals.topics.findings import Examiner
from evals.topics.obfuscation import TECHNIQUES


class Heard:
    """A watcher that remembers the words, counts, and minds that each stage comes to its end."""

    def __init__(self):
        self.said, self.counted = [], Counter()

    def say(self, line):
        self.said.append(line)

    def begin(self, total, what):
        self.what, self.left = what, total

    def tick(self):
        self.counted[self.what] += 1
        self.left -= 1

    def stop(self):
        assert self.left == 0


@pytest.fixture
def meetings_only(tmp_path):
    """A filter that knows no platform, so that there is nothing to disguise."""
    file = tmp_path / "policy.toml"
    file.write_text("version = 7\n[categories]\nsocial_platforms = false\nfan_platforms = false\n")
    return Examiner(Rules(load_policy(file)))


def test_all_parts_come_together(meetings_only):
    """Halves in order, the corpora, the speed, the bars, and what was left out."""
    sets = (
        ExampleSet("b_proof", "proof", (an_example("1", "nice day", category="in_person"),)),
        ExampleSet("a_tune", "tune", (an_example("2", "dinner at mine?", category="in_person", violation=True),)),
        ExampleSet("mine", "given", (an_example("3", "add me on insta", violation=True),)),
    )
    heard = Heard()

    result = evaluate_topics(Material(sets, (Corpus("x", ("hi", "yo"), {"x": 2}),)), meetings_only, watcher=heard)

    assert [half.half for half in result.halves] == ["tune", "proof", "given"]
    assert (result.policy, result.judge, result.disguised_names) == ("7", "off", 0)
    assert result.ordinary[0].blocked.of == 2
    assert result.speed.messages == 2
    assert 0 < result.speed.p50 <= result.speed.p95
    assert result.notes == ("Left out, because this filter does not look for it: social_platforms (1).",)
    assert heard.said == ["Reading 3 labelled messages…", "Reading 2 ordinary messages, x…"]
    assert heard.counted == {"messages": 5, "disguises": len(TECHNIQUES)}


def test_every_flagged_message_is_listed(rules):
    """By layer, the surest first."""
    messages = ("hi", "see my instagram", "let's meet tomorrow at 8 at my place", "good night")

    result = measure_ordinary(Corpus("talk", messages, {"talk": 4}), Examiner(rules))

    assert (result.blocked.hits, result.names.hits, result.meetings.hits) == (2, 1, 1)
    assert [shown.text for shown in result.flagged] == [messages[1], messages[2]]
    assert result.sources == {"talk": 4}
