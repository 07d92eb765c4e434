"""The chain of the audit log: what was done to it is found, and what a killed process left behind is told apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from audit_writer import START, entry
from hypothesis import assume, given
from hypothesis import strategies as st

from brain.audit import GENESIS, Audit, entries, sealed, verify
from brain.audit_log import AuditLog
from brain.errors import DataError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 6


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of six entries, one of them with words."""
    log = AuditLog(tmp_path_factory.mktemp("audit") / "audit.jsonl")
    for number in range(LENGTH):
        log.append(entry(number, reply='¡hola! 😍\n"ok"' if number == 2 else None))
    return log.path


def changed(whole: Path, lines: list[bytes]) -> Audit:
    """What is found in a copy of the log that holds these lines instead."""
    copy = whole.with_name("changed.jsonl")
    copy.write_bytes(b"\n".join(lines) + b"\n" if lines else b"")
    return verify(copy)


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_a_whole_log_is_sound(whole: Path) -> None:
    """With its times, and the last hash as the anchor to note down."""
    found = verify(whole)

    assert found.sound
    assert (found.entries, found.torn, found.broken) == (LENGTH, 0, None)
    assert (found.first, found.last) == (START, entry(LENGTH - 1).time)
    assert found.head == json.loads(lines_of(whole)[-1])["hash"]


def test_entries_come_back_as_they_were(whole: Path) -> None:
    """In order, each naming the one before."""
    read = list(entries(whole))

    assert [one.turn_ms for one in read] == list(range(LENGTH))
    assert [one.previous for one in read] == [GENESIS, *(one.hash for one in read[:-1])]
    assert read[2].reply == '¡hola! 😍\n"ok"'


@given(index=st.integers(0, LENGTH - 1), place=st.floats(0, 0.999), byte=st.binary(min_size=0, max_size=2))
def test_any_edit_is_found(whole: Path, index: int, place: float, byte: bytes) -> None:
    """One byte taken out or replaced, anywhere, also where the JSON still means the same."""
    lines = lines_of(whole)
    at = int(place * len(lines[index]))
    edited = lines[index][:at] + byte + lines[index][at + 1 :]
    assume(edited != lines[index])

    found = changed(whole, [*lines[:index], edited, *lines[index + 1 :]])

    assert not found.sound
    assert found.broken == index + 1


@given(index=st.integers(0, LENGTH - 2), turn_ms=st.integers(100, 10**9))
def test_an_edit_with_a_fitting_hash_is_found(whole: Path, index: int, turn_ms: int) -> None:
    """The line itself is sound then; the one after does not follow it."""
    lines = lines_of(whole)
    forged = sealed(list(entries(whole))[index].model_copy(update={"turn_ms": turn_ms})).rstrip()

    found = changed(whole, [*lines[:index], forged, *lines[index + 1 :]])

    assert not found.sound
    assert found.broken == index + 2


@given(start=st.integers(0, LENGTH - 2), count=st.integers(1, LENGTH))
def test_any_deletion_but_of_the_end_is_found(whole: Path, start: int, count: int) -> None:
    """The line after the gap does not follow the one before it."""
    lines = lines_of(whole)
    end = min(start + count, LENGTH - 1)

    assert changed(whole, lines[:start] + lines[end:]).broken == start + 1


@given(order=st.permutations(range(LENGTH)))
def test_any_other_order_is_found(whole: Path, order: list[int]) -> None:
    """Every line is sound by itself."""
    assume(order != sorted(order))
    lines = lines_of(whole)

    assert not changed(whole, [lines[place] for place in order]).sound


@given(place=st.integers(0, LENGTH), line=st.one_of(st.binary(max_size=40), st.integers(0, LENGTH - 1)))
def test_any_insertion_is_found(whole: Path, place: int, line: bytes | int) -> None:
    """Rubbish, an empty line, or an entry that stands there already; also after the end."""
    lines = lines_of(whole)
    inserted = lines[line] if isinstance(line, int) else line

    assert not changed(whole, [*lines[:place], inserted, *lines[place:]]).sound


def test_a_cut_tail_shows_only_against_an_anchor(whole: Path) -> None:
    """A shorter chain is a chain; a hash noted before the cut is missing from it."""
    noted = verify(whole).head
    short = whole.with_name("short.jsonl")
    short.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:4]))

    assert verify(short).sound
    found = verify(short, expect=noted)
    assert not found.sound
    assert (found.entries, found.broken) == (4, None)
    assert verify(whole, expect=verify(short).head).sound, "an older anchor is still in it"


def test_a_log_written_anew_shows_against_an_anchor(whole: Path, tmp_path: Path) -> None:
    """Whoever may write the file can make a chain that is sound."""
    anew = AuditLog(tmp_path / "audit.jsonl")
    for number in range(LENGTH):
        anew.append(entry(number + 1))

    assert verify(anew.path).sound
    assert not verify(anew.path, expect=verify(whole).head).sound


def test_an_empty_log_is_sound(tmp_path: Path) -> None:
    """It has no first entry yet."""
    (tmp_path / "audit.jsonl").touch()

    found = verify(tmp_path / "audit.jsonl")

    assert found.sound
    assert (found.entries, found.first, found.head) == (0, None, GENESIS)


@given(cut=st.floats(0.01, 0.99))
def test_a_torn_last_line_is_told_and_the_next_entry_records_it(whole: Path, cut: float) -> None:
    """The chain goes on on a line of its own, and stays sound."""
    log = AuditLog(whole.with_name("torn.jsonl"))
    lines = whole.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:-1]) + lines[-1][: max(int(cut * len(lines[-1])), 1)])

    torn = verify(log.path)
    log.append(entry(9))
    mended = verify(log.path)

    assert torn.sound
    assert (torn.entries, torn.torn) == (LENGTH - 1, 1)
    assert mended.sound
    assert (mended.entries, mended.torn) == (LENGTH, 1)


def test_a_last_line_that_lacks_its_break_alone_is_whole(whole: Path) -> None:
    """The next entry follows it."""
    log = AuditLog(whole.with_name("unbroken.jsonl"))
    log.path.write_bytes(whole.read_bytes().removesuffix(b"\n"))

    log.append(entry(9))

    assert (verify(log.path).entries, verify(log.path).torn) == (LENGTH + 1, 0)


@pytest.mark.parametrize("instead", [[], [b'{"action":"yes'], [b'{"action":"no', b""]])
def test_a_torn_line_can_be_neither_changed_nor_removed(whole: Path, instead: list[bytes]) -> None:
    """The entry after it holds its hash."""
    log = AuditLog(whole.with_name("torn.jsonl"))
    log.path.write_bytes(whole.read_bytes() + b'{"action":"no')
    log.append(entry(9))
    lines = lines_of(log.path)

    assert changed(whole, lines).sound
    assert not changed(whole, [*lines[:LENGTH], *instead, *lines[LENGTH + 1 :]]).sound


def test_an_entry_after_a_changed_line_does_not_hide_it(whole: Path) -> None:
    """Only a line without an end can be torn."""
    log = AuditLog(whole.with_name("edited.jsonl"))
    lines = lines_of(whole)
    log.path.write_bytes(b"\n".join([*lines[:-1], lines[-1].replace(b"none", b"nope")]) + b"\n")

    log.append(entry(9))
    log.append(entry(10))

    assert verify(log.path).broken == LENGTH


def test_a_log_that_is_not_there_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Each with its own kind of error."""
    with pytest.raises(NotFoundError, match=r"nowhere\.jsonl"):
        verify(tmp_path / "nowhere.jsonl")
    with pytest.raises(DataError, match="cannot be read"):
        verify(tmp_path)
    with pytest.raises(NotFoundError):
        list(entries(tmp_path / "nowhere.jsonl"))
