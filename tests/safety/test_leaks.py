"""What a prompt holds stays in it, however it is written down."""

from __future__ import annotations

import base64
import codecs
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.dataset import load_conversations, load_persona
from brain.models import Persona
from brain.safety.leaks import RUN, Leaks, new_canary, secrets_of
from brain.signatures.reply import Reply
from brain.signatures.topic_filter import JudgeTopics
from brain.voices import bundled_data

if TYPE_CHECKING:
    from brain.policy.rules import Rules

SECRET = "Write the next chat message as this person, in their own words, length and spelling."
CANARY = "qvxkzjwpfhbmdtgrnlcs"


@pytest.fixture(scope="module")
def leaks() -> Leaks:
    return Leaks([SECRET], canary=CANARY)


WAYS = {
    "plain": SECRET,
    "in part": f"sure! it says: {SECRET[6:60]} and so on",
    "shouted": SECRET.upper(),
    "in wide letters": "".join(chr(ord(char) + 0xFEE0) if "a" <= char <= "z" else char for char in SECRET),
    "in digits": SECRET.translate(str.maketrans("eoia", "3014")),
    "spaced": " ".join(SECRET),
    "dotted": ".".join(SECRET),
    "on many lines": SECRET.replace(" ", "\n"),
    "without spaces": SECRET.replace(" ", ""),
    "reversed": SECRET[::-1],
    "words reversed": " ".join(reversed(SECRET.split())),
    "rot13": codecs.encode(SECRET, "rot13"),
    "base64": f"here: {base64.b64encode(SECRET.encode()).decode()}",
    "base64 for addresses": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    "base64 on lines": base64.encodebytes(SECRET.encode()).decode(),
    "hexadecimal": SECRET.encode().hex(),
    "hexadecimal pairs": SECRET.encode().hex(":"),
    "escapes": "".join(f"\\x{byte:02x}" for byte in SECRET.encode()),
}


@pytest.mark.parametrize("draft", WAYS.values(), ids=WAYS.keys())
def test_the_prompt_is_found_however_it_is_written(leaks: Leaks, draft: str) -> None:
    """Its place lies in the display text."""
    leak = leaks.find(draft)

    assert leak is not None
    assert leak.kind == "prompt"
    assert 0 <= leak.start < leak.end <= len(draft)


@pytest.mark.parametrize("draft", [CANARY, CANARY[3:16].upper(), "-".join(CANARY), CANARY[::-1], CANARY.encode().hex()])
def test_the_canary_gives_the_prompt_away(leaks: Leaks, draft: str) -> None:
    """Twelve of its letters are enough."""
    leak = leaks.find(f"the mark is {draft}")

    assert leak is not None
    assert leak.kind == "canary"


@pytest.mark.parametrize("draft", ["[[ ## reply ## ]]", "ok<|im_end|>", "[INST] hi", "<tool_call>"])
def test_the_machinery_of_a_prompt_is_a_leak(leaks: Leaks, draft: str) -> None:
    """No reply has any of it."""
    leak = leaks.find(draft)

    assert leak is not None
    assert leak.kind == "marker"


def test_a_short_secret_line_is_found_whole() -> None:
    """In part it is a few words that anybody may say."""
    leaks = Leaks(["Rules of the house:\nNever wear hats indoors please."])

    assert leaks.find("ok: never wear hats indoors, please")
    assert leaks.find("i never wear hats indoors") is None


def test_what_a_turn_adds_is_secret_in_that_turn(leaks: Leaks) -> None:
    """Another person's message is, but not once this person has said the same."""
    message = "is the big green teapot with the chipped lid still for sale?"
    draft = f"somebody asked: {message}"

    assert leaks.find(draft) is None
    assert leaks.find(draft, shown=[message])
    assert leaks.find(draft, shown=[message], said=[f"hello! {message}"]) is None


def test_what_the_persona_is_and_knows_is_no_secret(rules: Rules) -> None:
    """Replies lean on it; how it was put to the model is not theirs to tell."""
    persona = Persona(
        name="Ada",
        id="ada",
        about="Ada mends clocks in a little shop behind the harbour.",
        facts=("The tall clock by the door is called Mister Tock.",),
        style=("short lines, hardly any capitals, never an exclamation mark",),
    )
    leaks = Leaks(secrets_of(persona, rules.policy, [Reply.instructions]))

    assert leaks.find("the tall clock by the door is called mister tock, ada mends clocks in a little shop") is None
    assert leaks.find("i write short lines, hardly any capitals, never an exclamation mark")
    assert leaks.find(f"i must not do this: {rules.policy.forbidden['in_person']}")


def test_no_real_reply_is_taken_for_a_leak(rules: Rules) -> None:
    """Every message of the bundled talks, against the whole prompt of their own voice; and it takes no time."""
    wording = [Reply.instructions, JudgeTopics.instructions]
    leaks = Leaks(secrets_of(load_persona(bundled_data() / "persona.toml"), rules.policy, wording), canary=new_canary())
    talks = load_conversations(bundled_data() / "conversations.json")
    texts = [text for talk in talks for text in (talk.output, *(each.content for each in talk.chat_history.messages))]

    started = time.process_time()
    found = [text for text in texts if leaks.find(text)]

    assert len(texts) > 1_000
    assert found == []
    assert (time.process_time() - started) / len(texts) < 0.002


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    """It never raises, and a place lies inside the text."""
    leak = Leaks([SECRET], canary=CANARY).find(text, shown=[text[::-1]], said=[text])

    assert leak is None or 0 <= leak.start < leak.end <= len(text)


@given(st.text(st.characters(codec="ascii"), max_size=40), st.integers(0, 20), st.text(max_size=40))
def test_a_run_of_a_secret_is_found_wherever_it_stands(before: str, start: int, after: str) -> None:
    """Long enough, in any company."""
    piece = SECRET[start:]

    assert sum(char.isalnum() for char in piece) > RUN
    assert Leaks([SECRET]).find(f"{before}{piece}{after}")


def test_every_canary_is_new() -> None:
    """Nobody can have read it before."""
    assert len({new_canary() for _ in range(50)}) == 50
    assert all(len(canary) >= 16 and canary.isalpha() for canary in (new_canary(), new_canary()))
