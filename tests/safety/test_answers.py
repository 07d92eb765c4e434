"""The fixed answers: help lines by country, a polite end, and an honest line that is never the same twice running."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from brain.bundled import bundled_data
from brain.dataset import load_persona
from brain.models import Persona
from brain.policy.fold import fold
from brain.policy.honesty import Honesty
from brain.policy.patterns import Patterns
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules
from brain.safety.answers import POOL, crisis_answer, honest_line, minor_closing

LANGUAGES = ("en", "es", "fr", "de", "pt", "it")
RESOURCES = tomllib.loads(files("brain.safety").joinpath("resources.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("country", "number"),
    [("US", "988"), ("gb", "116 123"), ("FR", "3114"), ("ES", "024"), ("DE", "0800 111 0 111"), ("BR", "188")],
)
def test_help_is_named_where_the_person_is(country: str, number: str) -> None:
    """That country's line, its emergency number and a way to find others; nobody else's."""
    answer = crisis_answer("en", country)

    assert number in answer
    assert RESOURCES["country"][country.upper()]["emergency"] in answer
    assert "findahelpline.com" in answer
    assert answer.count("\n- ") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_country_the_language_decides(language: str) -> None:
    """The likely lines, each with its country, and no emergency number that may be another's."""
    answer = crisis_answer(language, None)

    for code in RESOURCES["likely"][language]:
        assert f"({RESOURCES['country'][code]['place']})" in answer
    assert "findahelpline.com" in answer
    assert "{" not in answer


def test_a_country_without_a_line_gets_the_directory() -> None:
    """No number is made up, and no other country's is given."""
    answer = crisis_answer("en", "JP")

    assert answer.count("\n- ") == 1
    assert "findahelpline.com" in answer


def test_an_unknown_language_is_answered_in_english() -> None:
    """Better than nothing."""
    assert crisis_answer("nl", "NL").startswith("Thank you for saying that.")
    assert minor_closing("nl") == minor_closing("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_leads_to_a_platform(language: str) -> None:
    """They pass no topic filter; their numbers and "stay with someone" would not, and are what is needed."""
    rules = Rules(load_policy(bundled_data() / "policy.toml"))
    texts = [minor_closing(language), *(crisis_answer(language, code) for code in [None, *RESOURCES["country"]])]

    for text in texts:
        assert rules.check(text).category not in {"social_platforms", "fan_platforms"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_persona_steps_aside(language: str) -> None:
    """Both answers say that an AI is at this end."""
    for text in (crisis_answer(language, None), minor_closing(language)):
        assert re.search(r"\b(?:AI|IA|KI)\b", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_honest_line_admits_it(language: str) -> None:
    """In every language, and never twice in a row."""
    persona = Persona(name="Mara", id="mara", languages=("en",))
    used: list[str] = []
    for turn in range(12):
        line = honest_line(persona, language, used, f"seed{turn}")
        assert Honesty().admits(fold(line).text), line
        assert [line] != used[-1:]
        used.append(line)
    assert len(set(used)) >= 5


def test_the_voice_answers_in_its_own_words() -> None:
    """Where it has lines, in the language it writes; elsewhere ours."""
    persona = load_persona(bundled_data() / "persona.toml")

    assert honest_line(persona, "en", (), "seed") in persona.fallbacks[POOL]
    assert honest_line(persona, "fr", (), "seed") not in persona.fallbacks[POOL]


def test_a_line_that_does_not_admit_it_is_never_said() -> None:
    """No persona can switch honesty off."""
    lies = ("of course i'm real", "i'm an ai, haha no, i'm a real woman", "what a question, how was your day?")
    persona = Persona(name="Mara", id="mara", fallbacks={POOL: lies})

    said = {honest_line(persona, "en", (), str(seed)) for seed in range(40)}

    assert said.isdisjoint(lies)
    assert all(Honesty().admits(fold(line).text) for line in said)


def test_the_bundled_voice_has_lines_enough() -> None:
    """Eight at least, and each of them admits it."""
    lines = load_persona(bundled_data() / "persona.toml").fallbacks[POOL]

    assert len(set(lines)) >= 8
    assert all(Honesty().admits(fold(line).text) for line in lines)


@pytest.mark.parametrize("table", ["crisis.toml", "minors.toml", "ai_questions.toml"])
def test_every_language_is_in_every_table(table: str) -> None:
    """With no part left unfilled."""
    patterns = Patterns("brain.safety", table, me="nela", young="2012")

    assert patterns.languages == LANGUAGES
    for language in LANGUAGES:
        assert patterns.stems(language)
        for sign in ("harmless", "sure", "likely", "against", "asked", "answer", "counted"):
            found = patterns.of(language, sign)
            assert found is None or not re.search(r"<[a-z]+>", found.pattern)
        assert patterns.of(language, "sure") is not None
