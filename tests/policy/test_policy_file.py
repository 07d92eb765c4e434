"""The operator's file: what it may say, and what a mistake in it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.errors import ConfigError, NotFoundError
from brain.policy.policy import ReleaseChoices
from brain.policy.policy_file import load_policy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def written(tmp_path: Path):
    """Writes an operator's file and tells its path."""

    def write(text: str) -> Path:
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_file_goes_over_the_default_key_by_key(written) -> None:
    """What it leaves out stays as it was."""
    policy = load_policy(written('version = 3\n[categories]\nfan_platforms = false\n[platforms]\nallow = ["youtube"]'))

    assert policy.version == 3
    assert not policy.categories.fan_platforms
    assert policy.categories.in_person
    assert policy.platforms.allow == ("youtube",)
    assert policy.fallbacks == load_policy().fallbacks


def test_an_empty_file_is_the_default(written) -> None:
    """So is one that holds only notes."""
    assert load_policy(written("# nothing yet\n")) == load_policy()


def test_own_categories_thresholds_and_lines_are_read(written) -> None:
    """All an operator may write."""
    policy = load_policy(
        written(
            'languages = ["en", "de"]\nrefusals_may_name = true\n'
            "[meetings]\nblock_at = 6\n"
            '[[category]]\nid = "politics"\ndefinition = "Takes sides."\nnames = ["ballot"]\nexamples = ["vote!"]\n'
            '[fallbacks]\nin_person = ["Not my thing."]\npolitics = ["Let us not."]\n'
        )
    )

    assert policy.languages == ("en", "de")
    assert (policy.meetings.block_at, policy.meetings.unsure_at) == (6, 3)
    assert policy.pool("in_person") == ("Not my thing.",)
    assert policy.pool("politics") == ("Let us not.",)
    assert policy.pool("social_platforms") == load_policy().pool("social_platforms")


def test_lines_for_other_languages_are_read_language_by_language(written) -> None:
    """What is not written stays as it was, in every language."""
    policy = load_policy(written('[fallbacks_in.es]\ngeneral = ["¿Y tú?"]\n'))

    assert policy.pool("general", "es") == ("¿Y tú?",)
    assert policy.pool("in_person", "es") == load_policy().pool("in_person", "es")
    assert policy.pool("general", "de") == load_policy().pool("general", "de")


def test_how_a_reply_is_let_out_is_read(written) -> None:
    """Whole by default."""
    assert load_policy().release.mode == "message"
    assert load_policy(written('[release]\nmode = "sentence"\n')).release == ReleaseChoices(mode="sentence")


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("[release]\nmodus = 'message'", "release.modus", "Did you mean `mode`?"),
        ("[release]\nmode = 'word'", "release.mode", "Use one of the values it names."),
        ("[release]\nmax_chars = 3", "release.max_chars", "Use a larger number."),
        ("[fallbacks_in.xx]\ngeneral = ['hm']", "fallbacks_in.xx", "Known here: en, es, fr, de, pt, it."),
        ("[fallbacks_in.es]\nin_persona = ['hm']", "fallbacks_in.es.in_persona", "Did you mean `in_person`?"),
        ("[fallbacks_in]\nes = ['hm']", "fallbacks_in.es", ""),
        ("refusal_may_name = true", "refusal_may_name", "Did you mean `refusals_may_name`?"),
        ("[category]\nin_person = false", "category", 'Write a list: ["one", "two"].'),
        ("[categories]\nin_persons = false", "categories.in_persons", "Did you mean `in_person`?"),
        ("[categories]\nin_person = 'no'", "categories.in_person", "Write true or false, without quotes."),
        ("[platforms]\nallow = 'youtube'", "platforms.allow", 'Write a list: ["one", "two"].'),
        ("[platforms]\nallow = ['youtub']", "platforms.allow", "Did you mean `youtube`?"),
        ("[platforms]\nallow = ['x']\ndeny = ['X']", "platforms", "Keep one of them."),
        ("[meetings]\nblock_at = '6'", "meetings.block_at", "Write a whole number, without quotes."),
        ("[meetings]\nblock_at = 2", "meetings", "Correct it, or leave it out."),
        ("languages = ['xx']", "languages[0]", "Use one of the values it names."),
        ("languages = []", "languages", "Name at least one."),
        ("[[category]]\nid = 'a'", "category[0].definition", "Add it."),
        ("[[category]]\nid = 'A b'\ndefinition = 'x'", "category[0].id", "Use small letters, digits, - and _ only."),
        ("[[category]]\nid = 'a'\ndefinition = 'x'\nwords = ['y']", "category[0].words", "Known here: id"),
        ("[[category]]\nid = 'in_person'\ndefinition = 'x'", "category[0]", "Correct it, or leave it out."),
        ("[fallbacks]\nin_persn = ['x']", "fallbacks.in_persn", "Did you mean `in_person`?"),
        ("words = 3", "words", "Known here: version"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_a_fix(written, text: str, key: str, hint: str) -> None:
    """File, key, what, and what next."""
    path = written(text)

    with pytest.raises(ConfigError) as caught:
        load_policy(path)

    assert caught.value.message.startswith(f"{path}: key {key}: ")
    assert caught.value.hint.startswith(hint)


def test_two_categories_of_one_id_are_a_mistake(written) -> None:
    """Nobody could tell which one was meant."""
    block = "[[category]]\nid = 'a'\ndefinition = 'x'\n"

    with pytest.raises(ConfigError, match="'a' stands there twice"):
        load_policy(written(block + block))


@pytest.mark.parametrize("text", ["version = ", "a = 1\na = 2", "[[categories]"])
def test_what_is_not_toml_is_said_with_its_place(written, text: str) -> None:
    """In the parser's own words."""
    with pytest.raises(ConfigError, match=r"is not TOML: .*\(at "):
        load_policy(written(text))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    """Not a bug, and not the default either."""
    with pytest.raises(NotFoundError, match="no such policy file"):
        load_policy(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Rather than read wrongly."""
    path = tmp_path / "policy.toml"
    path.write_bytes('[platforms]\ndeny = ["café"]'.encode("latin-1"))

    with pytest.raises(ConfigError, match="UTF-8"):
        load_policy(path)


@pytest.mark.parametrize("name", ["onlyfans", "Only Fans", "of"])
def test_what_is_always_allowed_cannot_be_denied(name: str, tmp_path: Path) -> None:
    """Nothing would come of it, or every "of" would be blocked."""
    file = tmp_path / "policy.toml"
    file.write_text(f'[platforms]\ndeny = ["{name}"]\n')

    with pytest.raises(ConfigError, match=r"platforms\.deny.*always allowed"):
        load_policy(file)
