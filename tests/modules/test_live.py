"""A reply that is shown while it is written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from dspy import lm15
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, talk
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.answering import Voice, answer
from brain.demos import DemoBank, Row
from brain.lms.build import Model
from brain.models import Persona, Recipe
from brain.modules.chat import ChatProgram
from brain.modules.live import live_reply
from brain.policy.policy import ReleaseChoices
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FIRST = "the kiln is warm and the cat is asleep on the glaze notes. "
MORE = "i made four bowls before breakfast and dropped only one of them. "
NOW = datetime(2026, 5, 2, tzinfo=UTC)
BYE = "how is your morning going so far, any plans?"
NAMED = "find me on instagram, i post there every single day. "
LINES = ("tell me about your week", "what did you have for lunch?")


class WordByWord(ScriptedEngine):
    """Streams its script in words, as models do."""

    def __init__(self, *replies: str) -> None:
        super().__init__(replies)
        self.awaited = _Words(self)


class _Words:
    supported_params = ScriptedEngine.supported_params

    def __init__(self, engine: ScriptedEngine) -> None:
        self._engine = engine

    async def complete(self, request: lm15.Request) -> lm15.Response:
        return await lm15.amaterialize_response(self.stream(request), request)

    async def stream(self, request: lm15.Request) -> AsyncIterator[Any]:
        text = str(self._engine.next_reply(request))
        yield lm15.StreamStartEvent(model=request.model)
        at = [0, *(place for place, char in enumerate(text) if char == " "), len(text)]
        for start, end in pairwise(at):
            yield lm15.StreamDeltaEvent(delta=lm15.TextDelta(text=text[start:end], part_index=0))
        yield lm15.StreamEndEvent(finish_reason="stop", usage=lm15.Usage(input_tokens=1, output_tokens=1))

    async def aclose(self) -> None:
        """Nothing is open."""


@cache
def rules_by_sentence(most: int) -> Rules:
    release = ReleaseChoices(mode="sentence", max_chars=most)
    return Rules(load_policy().model_copy(update={"release": release}))


def by_sentence(*, most: int = 600) -> ChatProgram:
    """A program whose policy lets a reply of at most so many characters out sentence by sentence."""
    chat = ChatProgram(Persona(name="Ada", id="ada", fallbacks={"general": LINES}), rules_by_sentence(most))
    chat.replier.use(DemoBank.build([Row("0", "hi", "hello")], HashEmbedder()), Recipe(k=1, rhythm=False))
    return chat


@pytest.fixture
def program() -> ChatProgram:
    return by_sentence()


def told(program: ChatProgram, *replies: str) -> tuple[str, list[str]]:
    """The reply of a turn, and what was shown before it was complete."""
    shown: list[str] = []
    model = Model("scripted/x", scripted_lm(WordByWord(*replies)), small=False)
    voice = Voice("ada@1", program, "ada")
    turn = asyncio.run(answer(voice, model, talk("hello"), NOW, show=shown.append))
    return turn.reply, shown


def test_sentences_are_shown_as_they_are_written(program: ChatProgram) -> None:
    """Each once enough stands behind it; the reply is the same as without."""
    reply, shown = told(program, FIRST + MORE + BYE)

    assert reply == FIRST + MORE + BYE
    assert shown == [FIRST]


def test_nothing_shown_is_taken_back(program: ChatProgram) -> None:
    """The draft goes wrong after its first sentences: they stay, and the new draft follows them."""
    reply, shown = told(program, FIRST + MORE + NAMED, BYE)

    assert shown == [FIRST]
    assert reply == f"{FIRST}{BYE}"


def test_when_every_draft_goes_wrong_what_is_clean_of_them_is_said(program: ChatProgram) -> None:
    """It begins with what was shown."""
    reply, shown = told(program, FIRST + MORE + NAMED, NAMED)

    assert reply.startswith("".join(shown).strip())
    assert program.filter.rules.check(reply).allowed


def test_a_draft_that_begins_wrong_shows_nothing(program: ChatProgram) -> None:
    """The ladder goes its usual way."""
    assert told(program, NAMED + FIRST + MORE, BYE) == (BYE, [])


@pytest.mark.parametrize(
    "recipe", [Recipe(k=1, rhythm=True), Recipe(k=1, rhythm=False, candidates=2)], ids=["rhythm", "candidates"]
)
def test_a_draft_known_only_as_a_whole_is_shown_as_a_whole(program: ChatProgram, recipe: Recipe) -> None:
    """A form is chosen by ear, and so is the best of several."""
    program.replier.recipe = recipe

    assert live_reply(program, talk("hello"), NOW, print) is None


def test_whole_messages_are_the_rule(rules: Rules) -> None:
    """Unless the operator says otherwise."""
    program = ChatProgram(Persona(name="Ada", id="ada"), rules, recipe=Recipe(rhythm=False))

    assert live_reply(program, talk("hello"), NOW, print) is None


def test_what_another_model_writes_is_not_shown(program: ChatProgram) -> None:
    """The reading of the moment goes first, and is nobody's reply."""
    program.situation.ask_lm = True
    moment = f'{{"situation": "{FIRST}{MORE}they are curious."}}'

    assert told(program, moment, BYE) == (BYE, [])


def test_what_will_be_shortened_is_not_shown(program: ChatProgram) -> None:
    """It must not be on the screen and then not in the talk."""
    program.replier.learned = program.replier.learned._replace(longest=4)
    reply, shown = told(program, FIRST + MORE + BYE)

    assert shown == []
    assert reply == FIRST.strip()


def test_of_somebody_elses_message_nothing_is_shown(program: ChatProgram) -> None:
    """A demo's message stands in the prompt of this turn alone, and is checked in every sentence all the same."""
    other = "my sister is moving her bakery to the harbour in september. "
    program.replier.use(DemoBank.build([Row("0", other, "good for her")], HashEmbedder()))

    reply, shown = told(program, other + FIRST + MORE, BYE)

    assert (reply, shown) == (BYE, [])


def test_of_the_prompt_nothing_is_shown(program: ChatProgram) -> None:
    """Nor any sentence once a leak stands behind it."""
    instructions = program.replier.reply.signature.instructions

    for draft in (instructions + " " + FIRST + MORE, FIRST + instructions + " " + MORE):
        reply, shown = told(program, draft, BYE)
        assert instructions not in reply
        assert shown in ([], [FIRST])


def test_a_denial_is_not_shown(program: ChatProgram) -> None:
    """Though the sentences before it may be."""
    reply, shown = told(program, FIRST + MORE + "and no, i promise i'm not a bot. " + MORE, BYE)

    assert shown == [FIRST]
    assert reply == f"{FIRST}{BYE}"


@pytest.mark.parametrize("words", ["i want to kill myself", "i'm 15", "are you a bot?"])
def test_what_goes_ahead_of_the_persona_shows_nothing_before_it_is_whole(program: ChatProgram, words: str) -> None:
    """No model writes it."""
    shown: list[str] = []
    model = Model("scripted/x", scripted_lm(WordByWord()), small=False)
    turn = asyncio.run(answer(Voice("ada@1", program, "ada"), model, talk(words), NOW, show=shown.append))

    assert turn.verdict.layer == "safety"
    assert shown == []


SENTENCES = (
    FIRST,
    MORE,
    NAMED,
    "and no, i promise i'm not a bot. ",
    "come over to my place tonight at eight. ",
    "Write the next chat message as this person, in their own words, length and spelling. ",
    "my sister is moving her bakery to the harbour in september. ",
    "haha! ",
    "the gulls are loud today, and the tide is out. ",
)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8), st.sampled_from([BYE, NAMED, FIRST + NAMED]))
@settings(max_examples=60)
def test_every_prefix_ever_shown_is_clean(draft: list[str], again: str) -> None:
    """Whatever follows it, and the reply in the end begins with what was shown."""
    other = SENTENCES[6]
    program = by_sentence()
    program.replier.use(DemoBank.build([Row("0", other, "good for her")], HashEmbedder()))

    reply, shown = told(program, "".join(draft), again, again)

    for end in range(1, len(shown) + 1):
        assert program.check("".join(shown[:end]).strip(), talk("hello").messages, shown=(other,)).allowed
    assert reply.startswith("".join(shown).strip())
    assert program.check(reply, talk("hello").messages, shown=(other,)).allowed


def test_a_reply_in_two_parts_is_no_longer_than_the_policy_wants() -> None:
    """What follows the sentences that were shown must fit, or a shorter line does."""
    reply, shown = told(by_sentence(most=200), FIRST + MORE + NAMED, MORE * 2 + BYE)

    assert shown == [FIRST]
    assert reply.startswith(FIRST.strip())
    assert reply.removeprefix(FIRST) in LINES
