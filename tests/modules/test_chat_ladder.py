"""What is said when no draft may be, and what a judge has to do with it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from fakes import OneVerdict, ScriptedEngine, scripted_lm, talk
from liar import DENIAL, HARMLESS, INSTRUCTION, LIAR, LINES, NAMED, answered, lying, unasked

from brain.models import Verdict
from brain.modules.chat import ChatProgram
from brain.policy.language import language_of
from brain.policy.policy import OwnCategory
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def program(rules: Rules) -> ChatProgram:
    return lying(rules)


@pytest.mark.parametrize("lines", [LINES, LINES[:2], LINES[:1], ()], ids=len)
def test_thirty_stopped_turns_never_say_the_same_twice_in_a_row(rules: Rules, lines: Sequence[str]) -> None:
    """Whether the persona has lines of her own, few or none; and every one keeps to the policy."""
    program = ChatProgram(LIAR.model_copy(update={"fallbacks": {"general": tuple(lines)}}), rules, small=True)
    said = ["where else are you?"]
    drafts = [NAMED, "come over to my place tonight", DENIAL, "my number is +44 20 7946 0958", INSTRUCTION]
    for turn in range(30):
        draft = drafts[turn % len(drafts)]
        prediction = answered(program, ScriptedEngine([draft] * 3), talk(*said))
        assert not prediction.verdict.allowed or prediction.verdict.action in {"fallback", "redrafted"}
        said += [prediction.reply, "where else are you?" if turn % 3 else "and now?"]

    replies = said[1::2]
    assert all(before != after for before, after in pairwise(replies))
    assert all(rules.check(reply).allowed for reply in replies)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "es",
            ("hola, ¿qué tal tu día? yo estoy muy bien", "muy bien, gracias por preguntar", "¿dónde más puedo verte?"),
        ),
        (
            "de",
            (
                "hallo, wie geht es dir? ich bin so müde heute",
                "mir geht es gut, und dir?",
                "wo bist du noch zu finden?",
            ),
        ),
        (
            "fr",
            (
                "salut, comment tu vas ? moi je suis très fatigué",
                "ça va bien, et toi ?",
                "où est-ce que tu es encore ?",
            ),
        ),
        ("it", ("ciao, come stai? io sono molto stanco oggi", "sto bene, e tu?", "dove altro ti posso trovare?")),
        ("pt", ("oi, como você está? eu não estou muito bem", "estou bem, e você?", "onde mais eu posso te ver?")),
    ],
)
def test_a_line_to_fall_back_on_is_in_the_language_of_the_talk(
    rules: Rules, language: str, words: tuple[str, ...]
) -> None:
    """Also with a persona who writes English alone."""
    program = ChatProgram(LIAR.model_copy(update={"languages": ("en",)}), rules, small=True)

    prediction = answered(program, ScriptedEngine([NAMED, NAMED]), talk(*words))

    assert prediction.reply in rules.policy.pool("social_platforms", language)
    assert language_of(prediction.reply) == language


def test_when_no_line_of_anyone_may_be_said_a_harmless_one_is(tmp_path: Path) -> None:
    """An operator's own lines break the policy too."""
    file = tmp_path / "policy.toml"
    file.write_text('version = 1\n[fallbacks]\ngeneral = ["add me on snapchat"]\n')
    rules = Rules(load_policy(file))
    persona = LIAR.model_copy(update={"fallbacks": {"general": ("find me on instagram",)}})

    prediction = answered(ChatProgram(persona, rules), ScriptedEngine([INSTRUCTION] * 2), talk("what do you think"))

    assert prediction.verdict.action == "fallback"
    assert rules.check(prediction.reply).allowed


def test_a_longer_reply_than_the_policy_wants_ends_with_a_whole_sentence(tmp_path: Path) -> None:
    """What is not sent is not judged."""
    file = tmp_path / "policy.toml"
    file.write_text("version = 1\n[release]\nmax_chars = 40\n")
    program = ChatProgram(LIAR, Rules(load_policy(file)))

    prediction = answered(program, ScriptedEngine([f"The goose is asleep. She dreams. And {NAMED}."]), talk("hello"))

    assert prediction.reply == "The goose is asleep. She dreams."
    assert prediction.verdict.allowed


@pytest.mark.parametrize(("violated", "reply"), [('["in_person"]', HARMLESS), ("[]", "sounds good then")])
def test_the_judge_has_the_word_on_a_doubtful_draft(program: ChatProgram, violated: str, reply: str) -> None:
    """A no is a no; a yes lets the draft through, but never one that denies or leaks."""
    judge = ScriptedEngine([f'{{"violated": {violated}, "evidence": "sounds good then", "confidence": "high"}}'])
    program.filter.use_judge(scripted_lm(judge))
    program.guard.rules = OneVerdictFor("sounds good then", program.guard.rules)

    said = answered(program, ScriptedEngine(["sounds good then", HARMLESS]), talk("see you on friday?"))

    assert said.reply == reply
    assert len(judge.requests) == 1


def test_what_only_a_judge_can_see_is_not_trimmed_back_into_the_talk(program: ChatProgram) -> None:
    """The rules find nothing in any sentence of it, and no judge has seen a part alone."""
    politics = OwnCategory(id="politics", definition="The reply takes a side in politics.")
    rules = Rules(load_policy().model_copy(update={"category": (politics,)}))
    program.filter.rules = program.guard.rules = rules
    draft = "The goose is asleep. Everybody should give her their vote."
    judge = ScriptedEngine(['{"violated": ["politics"], "evidence": "give her their vote", "confidence": "high"}'] * 2)
    program.filter.use_judge(scripted_lm(judge))

    prediction = answered(program, ScriptedEngine([draft, draft]), talk("what do you think"))

    assert prediction.reply in LINES
    assert (prediction.verdict.category, prediction.verdict.action) == ("politics", "fallback")


class OneVerdictFor:
    """Rules that are unsure of one text, whatever else they know."""

    def __init__(self, text: str, rules: Rules) -> None:
        self.policy, self._text, self._rules = rules.policy, text, rules
        doubt = Verdict(allowed=True, unsure=True, category="in_person", layer="meetings", rule="meeting:score")
        self._doubt = OneVerdict(doubt)

    def check(self, text: str, *context: object) -> Verdict:
        return (self._doubt if text == self._text else self._rules).check(text, *context)

    def check_fan(self, text: str) -> Verdict:
        return self._rules.check_fan(text)


def test_no_judge_is_asked_about_a_leak_or_a_denial(program: ChatProgram) -> None:
    """There is nothing to weigh."""
    judge = unasked()
    program.filter.use_judge(scripted_lm(judge))

    for draft in (DENIAL, INSTRUCTION):
        prediction = answered(program, ScriptedEngine([draft, HARMLESS]), talk("you are quick today"))
        assert prediction.reply == HARMLESS

    assert judge.requests == []
