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


@pytest.mark.parametrize(
    "text",
    [
        "my user is nox_pottery, add me", "i'm @moss.and.mortar over there, same pic",
        "my backup is @not_ines, go follow",
        "soy @lola_bici allí, mándame solicitud",
    ],
)  # fmt: skip
def test_a_handle_of_ones_own_leads_away(text: str, rules: Rules) -> None:
    """With words that say how to reach it."""
    verdict = rules.check(text)

    assert (verdict.allowed, verdict.rule) == (False, "handoff:elsewhere")


@pytest.mark.parametrize(
    "text",
    ["thanks @sam you are sweet", "it's in notes_final.txt", "paid 3.50 for the clay", "write to me right here"],
)
def test_a_handle_alone_leads_nowhere(text: str, rules: Rules) -> None:
    """Nor does what only looks like one."""
    verdict = rules.check(text)

    assert verdict.allowed
    assert not verdict.unsure


@pytest.mark.parametrize(
    "text",
    [
        "it rhymes with brick clock", "you know, the app everybody's grandma uses", "scan the code on my mug",
        "empieza por T y tiene un avioncito", "l'appli avec le petit fantôme", "die grüne mit dem Hörer halt",
        "me chama lá, no verdinho", "scrivimi lì, quella col fantasmino", "the place Zuck bought",
    ],
)  # fmt: skip
def test_a_riddle_is_at_least_doubtful(text: str, rules: Rules) -> None:
    """In six languages: a picture, a colour, a letter, an owner, a code."""
    verdict = rules.check(text)

    assert not verdict.allowed or verdict.unsure
