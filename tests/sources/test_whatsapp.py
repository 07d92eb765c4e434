"""WhatsApp's exports, of every land and telephone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sources.files import pairs, read

from brain.errors import DataError
from brain.sources.whatsapp import read_whatsapp

if TYPE_CHECKING:
    from pathlib import Path

    from brain.sources.dialogue import Said


def said(folder: Path, text: str) -> tuple[Said, ...]:
    """The messages of an export."""
    return read_whatsapp(folder / "chat.txt", text).chats[0]


@pytest.mark.parametrize(
    "line",
    [
        "31/12/2026, 22:15 - Sam: hi",
        "31/12/26, 22:15 - Sam: hi",
        "31.12.26, 22:15 - Sam: hi",
        "31-12-2026 22:15 - Sam: hi",
        "31/12/2026, 10:15 pm - Sam: hi",
        "31/12/2026, 10:15\u202fp. m. - Sam: hi",
        "12/31/26, 10:15 PM - Sam: hi",
        "12/31/26, 10:15\u202fPM - Sam: hi",
        "2026-12-31, 22:15 - Sam: hi",
        "2026. 12. 31. 22:15 - Sam: hi",
        "[31/12/2026, 22:15:00] Sam: hi",
        "\u200e[31/12/2026, 22:15:00] Sam: hi",
        "[12/31/26, 10:15:00\u202fPM] Sam: hi",
        "[31.12.2026 klo 22.15.00] Sam: hi",
        "[2026/12/31 22:15:00] Sam: hi",
        "[2026/12/31 下午10:15:00] Sam: hi",
        "\ufeff[31.12.26, 22:15:00] \u202aSam\u202c: hi",
        "[31/12/2026, 22:15:00] ~\u202fSam: hi",
        "٣١/١٢/٢٠٢٦, ٢٢:١٥ - Sam: hi",
        "\u200f٣١\u200f/١٢\u200f/٢٠٢٦، ١٠:١٥ م - Sam: hi",
        "31/12/26, 10:15 μ.μ. - Sam: hi",
        "31.12.26 г., 22:15 - Sam: hi",
        "31.12.2026 г., 22:15 ч. - Sam: hi",
        "22:15, 31/12/2026 - Sam: hi",
        "[22:15:00, 31/12/2026] Sam: hi",
    ],
)
def test_every_form_of_a_line_is_known(tmp_path: Path, line: str) -> None:
    """Date, time and speaker, wherever the telephone was bought."""
    (one,) = said(tmp_path, f"{line}\n")

    assert (one.speaker, one.text, one.time) == ("Sam", "hi", datetime(2026, 12, 31, 22, 15))


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (["03/04/26", "13/04/26"], (2026, 4, 3)),
        (["03/04/26", "03/14/26"], (2026, 3, 4)),
        (["05/04/26", "06/04/26", "01/05/26"], (2026, 4, 5)),
        (["04/05/26", "04/06/26", "05/01/26"], (2026, 4, 5)),
        (["12/01/26", "01/02/27"], (2026, 1, 12)),
    ],
)
def test_the_whole_file_tells_whether_day_or_month_comes_first(
    tmp_path: Path, dates: list[str], wanted: tuple[int, int, int]
) -> None:
    """By what cannot be a month, else by what keeps the messages in order and close together."""
    found = said(tmp_path, "".join(f"{date}, 10:00 - Sam: hi\n" for date in dates))

    assert len(found) == len(dates)
    assert found[0].time == datetime(*wanted, 10)


def test_the_month_comes_first_where_only_america_writes_so(tmp_path: Path) -> None:
    """Where nothing else tells: AM and PM are American, `p. m.` is Spanish and `pm` is of many lands."""
    halves = {"PM": (2, 5), "p. m.": (5, 2), "pm": (5, 2)}
    found = {half: said(tmp_path, f"2/5/26, 11:10 {half} - Sam: hi\n")[0].time for half in halves}

    assert {half: (time.month, time.day) for half, time in found.items() if time} == halves


def test_a_pasted_line_of_another_form_does_not_date_the_others(tmp_path: Path) -> None:
    """The first header has the form of the file."""
    text = "31/05/2026, 10:00 - Sam: look\n2026/05/30, 10:00 - Bob: hey\n31/05/2026, 10:01 - Ada: ok\n"

    assert [(one.speaker, one.text) for one in said(tmp_path, text)] == [
        ("Sam", "look\n2026/05/30, 10:00 - Bob: hey"),
        ("Ada", "ok"),
    ]


def test_a_clock_that_is_wrong_now_and_then_swallows_nothing(tmp_path: Path) -> None:
    """Neither the many messages between two of it, nor the few."""
    days = [f"{day:02}/02/26" for day in range(1, 27)]
    many = [*days[:2], "01/02/30", *days[2:24], "02/02/30", *days[24:]]
    few = [*days[:2], "01/02/30", *days[2:4], "02/02/30", *days[4:]]

    for dates in (many, few):
        text = "".join(f"{date}, 10:00 - Sam: {number}\n" for number, date in enumerate(dates))
        assert [one.text for one in said(tmp_path, text)] == [str(number) for number in range(len(dates))]


def test_the_clock_has_twelve_hours_where_it_says_so(tmp_path: Path) -> None:
    """Noon and midnight too."""
    lines = ["12:00 AM", "12:30 am", "1:00 AM", "12:00 PM", "1:00 PM"]
    found = said(tmp_path, "".join(f"1/31/26, {line} - Sam: x\n" for line in lines))

    assert [one.time.hour for one in found if one.time] == [0, 0, 1, 12, 13]


def test_a_message_may_have_many_lines(tmp_path: Path) -> None:
    """Blank ones, and ones that look like another export's."""
    text = (
        "31/12/26, 22:15 - Sam: one\r\n\r\ntwo: 2\r\n[31/12/26, 22:15:00] Ada: three\r\n31/12/26, 22:16 - Ada: ok\r\n"
    )

    assert [one.text for one in said(tmp_path, text)] == ["one\n\ntwo: 2\n[31/12/26, 22:15:00] Ada: three", "ok"]


def test_a_quoted_message_of_an_earlier_day_begins_none(tmp_path: Path) -> None:
    """It stands between later ones; a clock that is once far ahead spoils nothing after it."""
    quoted = "10/02/26, 9:00 - Sam: you said\n05/02/26, 8:00 - Ada: never\n10/02/26, 9:01 - Ada: true\n"
    ahead = "10/02/26, 9:00 - Sam: a\n10/02/46, 9:00 - Sam: b\n10/02/26, 9:01 - Ada: c\n11/02/26, 9:01 - Ada: d\n"

    assert [one.text for one in said(tmp_path, quoted)] == ["you said\n05/02/26, 8:00 - Ada: never", "true"]
    assert [one.text for one in said(tmp_path, ahead)] == ["a", "b", "c", "d"]


def test_what_the_program_wrote_itself_is_left_out(tmp_path: Path) -> None:
    """Notices, media and deleted messages; a caption and what was edited stay."""
    text = (
        "31/12/26, 22:00 - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
        "31/12/26, 22:01 - Sam created group “x: y”\n"
        "31/12/26, 22:02 - Sam: <Media omitted>\n"
        "31/12/26, 22:03 - Sam: IMG-20261231.jpg (file attached)\nlook at that\n"
        "31/12/26, 22:04 - Ada: This message was deleted\n"
        "31/12/26, 22:05 - Ada: nice <This message was edited>\n"
        "31/12/26, 22:06 - Sam changed the group name to: fun\n"
        "31/12/26, 22:07 - Ada: \n"
        "31/12/26, 22:08 - Ada: null\n"
        "31/12/26, 22:09 - Ada: 1 < 2 > 0 <3\n"
    )
    ios = (
        "[31/12/26, 22:00:00] Sam: \u200eMessages and calls are end-to-end encrypted.\n"
        "\u200e[31/12/26, 22:01:00] Sam: \u200eimage omitted\n"
        "[31/12/26, 22:02:00] Sam: hello \u200e<This message was edited>\n"
        "\u200e[31/12/26, 22:03:00] Ada: menu \u200e<attached: 001-menu.pdf>\n"
    )

    assert [(one.speaker, one.text) for one in said(tmp_path, text)] == [
        ("Sam", "look at that"),
        ("Ada", "nice"),
        ("Ada", "1 < 2 > 0 <3"),
    ]
    assert [one.text for one in said(tmp_path, ios)] == ["hello", "menu"]


def test_a_name_may_hold_a_colon(tmp_path: Path) -> None:
    """Where it stands before every message; once it is part of the message."""
    text = "".join(f"31/12/26, 22:{number} - Mum: home: {number}: x\n" for number in range(10, 20))
    text += "31/12/26, 22:29 - Sam: note: to self\n31/12/26, 22:30 - Sam: bye\n"

    assert [(one.speaker, one.text) for one in said(tmp_path, text)] == [
        *(("Mum: home", f"{number}: x") for number in range(10, 20)),
        ("Sam", "note: to self"),
        ("Sam", "bye"),
    ]


def test_a_few_messages_that_begin_alike_rename_nobody(tmp_path: Path) -> None:
    """PS is no surname; nor is a group's title a speaker."""
    text = '31/12/26, 22:00 - You created group "Trip: 2026"\n'
    text += "".join(f"31/12/26, 22:0{number} - Sam: PS: {number}\n" for number in range(1, 5))

    assert {(one.speaker, one.text[:3]) for one in said(tmp_path, text)} == {("Sam", "PS:")}


def test_the_client_is_named_or_asked_for(tmp_path: Path) -> None:
    """Else the speakers are listed; a beginning of the name is enough."""
    text = "".join(
        f"31/12/26, 22:{number:02} - {name}: {number}\n"
        for number, name in enumerate(["Sam", "Ada Lo", "Sam", "Ada Lo"])
    )
    asked: list[dict[str, int]] = []

    def ask(speakers: dict[str, int]) -> str:
        asked.append(speakers)
        return "Sam"

    with pytest.raises(DataError, match="which speaker is the client") as unsaid:
        read(tmp_path, text)
    with pytest.raises(DataError, match="nobody is called 'Zoe'"):
        read(tmp_path, text, client="Zoe")
    by_name, by_hand = read(tmp_path, text, client="ada"), read(tmp_path, text, ask=ask)

    assert "Sam (2), Ada Lo (2)" in unsaid.value.hint
    assert asked == [{"Sam": 2, "Ada Lo": 2}]
    assert pairs(by_name) == [(["0"], "1"), (["0", ">1", "2"], "3")]
    assert pairs(by_hand) == [([">0", "1"], "2")]
    assert by_name.persona is not None
    assert (by_name.persona.name, by_name.persona.id) == ("Ada Lo", "ada-lo")


def test_others_in_a_group_count_as_one_person(tmp_path: Path) -> None:
    """And that is said."""
    text = "31/12/26, 22:15 - Sam: hi\n31/12/26, 22:15 - Bob: ho\n31/12/26, 22:16 - Ada: yo\n"

    source = read(tmp_path, text, client="Ada")

    assert pairs(source) == [(["hi", "ho"], "yo")]
    assert source.notes == ("2 others write in it; they count as one person.",)


def test_a_client_who_answers_nobody_is_no_voice(tmp_path: Path) -> None:
    """Perhaps it is somebody else."""
    with pytest.raises(DataError, match="Sam answers nobody") as caught:
        read(tmp_path, "31/12/26, 22:15 - Sam: hi\n31/12/26, 22:16 - Ada: yo\n", client="Sam")

    assert "Ada (1)" in caught.value.hint


def test_a_file_without_a_date_that_can_be_is_refused(tmp_path: Path) -> None:
    """With the line."""
    with pytest.raises(DataError, match="no calendar"):
        read(tmp_path, "[99/99/2026, 22:15:00] Sam: hi\n")


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    """UTF-8 is what WhatsApp writes."""
    with pytest.raises(DataError, match="line 2 is not UTF-8"):
        read(tmp_path, b"31/12/26, 22:15 - Sam: hi\n31/12/26, 22:16 - Ada: \xe4\n", client="Ada")
