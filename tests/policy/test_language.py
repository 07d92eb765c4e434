"""Which language a talk is in."""

from __future__ import annotations

import pytest
from fakes import talk
from hypothesis import given
from hypothesis import strategies as st

from brain.dataset import load_conversations
from brain.policy.language import language_of, language_spoken
from brain.voices import bundled_data

WRITTEN = {
    "en": ("hi", "what are you up to?", "im alive", "c'est la vie my friend, how are you", "😀", "", "42"),
    "es": ("hola! que tal?", "¿Cómo estás hoy?", "buenas", "de donde eres", "gracias por responder"),
    "fr": ("salut ça va ?", "tu fais quoi ce soir", "bonjour", "c'était bien aujourd'hui", "tu viens d'où ?"),
    "de": ("hallo wie gehts", "was machst du heute abend", "danke dir", "ich freue mich sehr", "Straße"),
    "pt": ("oi tudo bem?", "o que você vai fazer hoje", "bom dia", "não sei ainda", "de onde você é"),
    "it": ("ciao come stai", "cosa fai, che fai oggi?", "buongiorno", "non lo so ancora", "di dove sei"),
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in WRITTEN.items() for text in texts])
def test_small_words_tell_the_language(language: str, text: str) -> None:
    """With accents or without; what tells nothing is English."""
    assert language_of(text) == language


def test_every_bundled_talk_is_english() -> None:
    """But for a line of somebody who tries their Spanish."""
    talks = load_conversations(bundled_data() / "conversations.json")
    other = [talk for talk in talks if language_of(talk.output) != "en"]
    spoken = [talk for talk in talks if language_spoken(talk.chat_history.messages) != "en"]

    assert not other
    assert len(spoken) <= 1


def test_both_sides_of_a_talk_are_heard() -> None:
    """One "ok" does not turn a talk into English, and an old greeting does not keep it Spanish."""
    assert language_spoken(talk("hola, qué haces hoy", "aquí con el café, y tú?", "ok").messages) == "es"
    assert language_spoken(talk("hola", *("how is the cat today", "she is on the sofa") * 4).messages) == "en"
    assert language_spoken(()) == "en"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    """It never raises."""
    assert language_of(text) in WRITTEN
