"""Disguised names: which names, in which sentences, and how many are found."""

from __future__ import annotations

from topic_samples import an_example

from evals.topics.disguised import carriers, full_names, measure_disguises
from evals.topics.obfuscation import Technique


def test_full_names_are_the_lexicon_s(rules):
    """Ambiguous ones if they are what the platform is called; no nicknames, no short ones."""
    names = full_names(rules.policy)

    assert {"instagram", "telegram", "signal", "fansly"} <= set(names)
    assert not {"tweet", "insta", "reels", "x", "vk", "onlyfans"} & set(names)
    assert all(len(name) >= 5 and name.isascii() and name.isalpha() for name in names)


def test_an_allowed_platform_is_not_hidden(tmp_path):
    """The names are those that the policy at hand forbids."""
    from brain.policy.policy_file import load_policy

    file = tmp_path / "policy.toml"
    file.write_text('[platforms]\nallow = ["youtube"]\n')

    assert "youtube" not in full_names(load_policy(file))


def test_a_sentence_carries_the_name_where_the_rules_found_it(rules):
    """Enough sentences for an interval; a plain example of a set is one too, any other is not."""
    examples = [
        an_example("1", "Find me on Instagram tonight", violation=True),
        an_example("2", "find me on facebook tonight", violation=True, technique="slang"),
        an_example("3", "no name in here", violation=True),
    ]

    found = carriers(rules, examples)

    assert len(found) >= 300
    assert all(carrier.text[carrier.start : carrier.end].lower() == carrier.name for carrier in found)
    assert found[-1].text == "Find me on Instagram tonight"
    assert found[-1].name == "instagram"
    derived = {carrier.name: carrier.derived for carrier in found}
    assert derived["subreddits"]
    assert not derived["instagram"]
    assert not derived["tumblr"], "bumble is two letters away and another platform"


def test_caught_and_missed_disguises_are_counted(rules):
    """Only the name is changed; a name too short for the technique, or left as it was, is not tried."""
    techniques = [
        Technique("capitals", lambda name, _chance: name.upper()),
        Technique("gone", lambda _name, _chance: "paint"),
        Technique("same", lambda name, _chance: name),
        Technique("of long names", lambda name, _chance: name.upper(), shortest=9),
        Technique("of no derived names", lambda name, _chance: name.upper(), of_derived=False),
    ]
    examples = [an_example("1", "we watched facebook all evening", violation=True)]
    sentences = [carrier for carrier in carriers(rules, examples) if carrier.text.startswith("we watched")]
    sentences += [sentences[0]._replace(derived=True)]

    capitals, gone, same, long, own = measure_disguises(rules, sentences, techniques=techniques)

    assert (capitals.blocked.hits, capitals.blocked.of, capitals.misses) == (2, 2, ())
    assert (gone.blocked.hits, gone.blocked.of) == (0, 2)
    assert gone.misses == ("we watched paint all evening",) * 2
    assert (same.blocked.of, long.blocked.of, own.blocked.of) == (0, 0, 1)
