"""What a policy forbids, as a value."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from brain.policy.policy import OwnCategory, PlatformChoices, Policy
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

DEFAULT = load_policy()


def with_choices(**names: tuple[str, ...]) -> Policy:
    return DEFAULT.model_copy(update={"platforms": PlatformChoices(**names)})


def test_the_default_forbids_other_platforms_meetings_and_contact_data() -> None:
    """OnlyFans alone is left."""
    assert set(DEFAULT.forbidden) == {"social_platforms", "fan_platforms", "in_person", "contact_exchange"}
    assert "onlyfans" not in {platform.id for platform in DEFAULT.forbidden_platforms}


def test_a_policy_cannot_be_changed() -> None:
    """It is a value."""
    with pytest.raises(ValidationError):
        DEFAULT.refusals_may_name = True  # type: ignore[misc]


@pytest.mark.parametrize("name", ["youtube", "YouTube", "You Tube", "yt"])
def test_an_allowed_platform_may_be_named(name: str) -> None:
    """By any of its names; the others stay forbidden."""
    rules = Rules(with_choices(allow=(name,)))

    assert rules.check("my youtube channel, my yt, youtu.be/abc").allowed
    assert not rules.check("my instagram").allowed


def test_a_further_name_may_be_forbidden() -> None:
    """One that the lexicon does not know."""
    rules = Rules(with_choices(deny=("Spotify", "Café Luna")))

    assert rules.check("listen on SPOTIFY").rule == "platform:spotify"
    assert not rules.check("it's called cafe luna").allowed
    assert Rules(DEFAULT).check("listen on spotify").allowed


def test_one_platform_of_a_category_that_is_off_may_be_forbidden() -> None:
    """`deny` goes before the switch."""
    off = DEFAULT.categories.model_copy(update={"fan_platforms": False})
    rules = Rules(with_choices(deny=("fansly",)).model_copy(update={"categories": off}))

    assert not rules.check("my fansly").allowed
    assert rules.check("my patreon").allowed


def test_a_category_that_is_off_forbids_nothing() -> None:
    """Each switch by itself."""
    off = DEFAULT.categories.model_copy(update={"social_platforms": False, "in_person": False})
    rules = Rules(DEFAULT.model_copy(update={"categories": off}))

    assert rules.check("add me on instagram and meet me at the bar tonight, same name on the other app").allowed
    assert rules.check("my patreon").category == "fan_platforms"


def test_an_own_category_forbids_its_words_exactly() -> None:
    """Upper case and accents do not matter; longer words and slips are other words."""
    own = OwnCategory(id="politics", definition="Takes sides.", names=("ballot", "election day"))
    policy = DEFAULT.model_copy(update={"category": (own,)})
    rules = Rules(policy)

    verdict = rules.check("my BALLOT is in")
    assert (verdict.allowed, verdict.category, verdict.rule, verdict.evidence) == (
        False,
        "politics",
        "category:politics",
        "BALLOT",
    )
    assert not rules.check("see you on election-day").allowed
    assert rules.check("ballet and ballots").allowed
    assert policy.forbidden["politics"] == "Takes sides."


def test_a_pool_is_never_empty() -> None:
    """A category without lines of its own uses the general ones."""
    for category in ("social_platforms", "in_person", "general"):
        assert len(set(DEFAULT.pool(category))) >= 12
    assert DEFAULT.pool("fan_platforms") == DEFAULT.pool("general") == DEFAULT.pool(None)


@pytest.mark.parametrize("category", ["social_platforms", "in_person", "general"])
def test_every_neutral_line_is_clean(category: str, rules: Rules) -> None:
    """A way out that breaks the rule would be none."""
    for line in DEFAULT.pool(category):
        verdict = rules.check(line)
        assert verdict.allowed, line
        assert not verdict.unsure, line
