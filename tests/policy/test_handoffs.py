"""Ways out of the chat that name no platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from brain.policy.rules import Rules


@pytest.mark.parametrize(
    "text",
    [
        "same username as here on the other app", "find me on the bird app", "you know the one, the ghost app",
        "text me on the green app", "let's move to another app", "can we take this off here?", "follow my socials",
        "it's the app with the little ghost", "same handle everywhere", "búscame en la otra app",
        "sígueme en mis redes",
        "retrouve-moi sur l'autre appli", "the bird app instead of this one", "stesso nome ovunque",
        "mesmo nome em todas as redes",
    ],
)  # fmt: skip
def test_a_plain_way_out_is_blocked(text: str, rules: Rules) -> None:
    """A picture of a logo, "the other app", the same name elsewhere."""
    verdict = rules.check(text)

    assert (verdict.allowed, verdict.category, verdict.layer) == (False, "social_platforms", "names")


@pytest.mark.parametrize(
    "text", ["link in my bio", "find me elsewhere", "my other page is better", "el link en mi bio"]
)
def test_a_pointer_that_may_lead_anywhere_is_doubtful(text: str, rules: Rules) -> None:
    """It may be the client's own page: a judge would be asked."""
    verdict = rules.check(text)

    assert verdict.allowed
    assert verdict.unsure


@pytest.mark.parametrize(
    "text",
    [
        "message me right here", "it's all on this page", "stay in this chat with me", "same name as my cat",
        "i love birds", "a ghost story", "my phone app crashed", "link your arm with mine", "find me a good song",
        "same username on OnlyFans", "same name on my OF, everywhere", "my socials are closed, only OnlyFans",
    ],
)  # fmt: skip
def test_staying_is_no_way_out(text: str, rules: Rules) -> None:
    """Pointers to this very place, and to the client's own platform."""
    verdict = rules.check(text)

    assert verdict.allowed
    assert not verdict.unsure
