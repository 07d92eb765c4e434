"""What WhatsApp wrote itself is told from what somebody typed."""

from __future__ import annotations

import pytest

from brain.sources.whatsapp_notices import is_notice, is_poll, without_edited


@pytest.mark.parametrize(
    "line",
    [
        "<Media omitted>",
        "<Medien ausgeschlossen>",
        "IMG-20261231-WA0001.jpg (arquivo anexado)",
        "menu.pdf (file attached)",
        "Du hast diese Nachricht gelöscht.",
        "Você apagou esta mensagem",
        "Vous avez supprimé ce message",
        "Hai eliminato questo messaggio",
        "Dit bericht is verwijderd",
        "Данное сообщение удалено",
        "Bu mesaj silindi",
        "Sprachanruf verpasst",
        "Waiting for this message…",
        "Waiting for this message. This may take a while.",
        "This message was deleted by admin Sam",
        "Missed voice call, \u200eTap to call back",
        "location: https://maps.google.com/?q=1,2",
        "<pièce jointe\u00a0: 001.jpg>",
    ],
)
def test_a_notice_is_known_in_many_languages(line: str) -> None:
    """Whatever its case, its marks and the dot at its end."""
    assert is_notice(line)
    assert is_notice(f"\u200e{line.upper()}")


@pytest.mark.parametrize(
    "line",
    [
        "Missed voice call from you, what is up?",
        "<hug>",
        "image omitted? send it again",
        "location: my bed",
        "",
        "video",
    ],
)
def test_what_somebody_typed_is_none(line: str) -> None:
    """Only the whole line is one."""
    assert not is_notice(line)


def test_a_poll_is_told_by_its_options() -> None:
    """In any language; a title with a colon and a list below it is none."""
    assert is_poll(["\u200ePOLL:", "Where to?", "\u200eOPTION: Rome (\u200e2 votes)", "OPTION: Oslo (0 votes)"])
    assert is_poll(["UMFRAGE:", "Wohin?", "OPTION: Rom (1 Stimme)", "OPTION: Oslo (0 Stimmen)"])
    assert not is_poll(["Dinner:", "starter: soup (2 bowls)"])
    assert not is_poll([""])


def test_what_says_that_a_message_was_edited_goes() -> None:
    """Other words in such brackets stay."""
    assert without_edited("nice <This message was edited>") == "nice"
    assert without_edited("schön <Diese Nachricht wurde bearbeitet.>") == "schön"
    assert without_edited("I <edited> it") == "I <edited> it"
    assert without_edited("my film, <edited>") == "my film, <edited>"
