"""`persona policy`: what is forbidden, and what the rules say of a text, as a person and as a script sees it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner
from rich.console import Console
from running import persona

from brain.cli import persona as group
from brain.errors import PersonaError
from brain.models import Verdict
from brain.policy.fold import fold
from brain.safety.routes import Routes
from brain.sanitise import display
from brain.terminal.policy_explain import explain, marked
from brain.terminal.policy_text import Checked, Checker
from brain.terminal.rule_words import rule_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from click.testing import Result

    from brain.models import Message
    from brain.policy.rules import Rules

KEYS = ["id", "allowed", "unsure", "category", "layer", "rule", "evidence", "confidence"]
INVITED = [{"role": "user", "content": "wanna grab a coffee on friday?"}, {"role": "assistant", "content": " "}]


def policy(*arguments: str, given: str | bytes = "") -> Result:
    """`persona policy …` in this process; its exit code is the result's `return_value`."""
    return CliRunner().invoke(group, ["policy", *arguments], input=given, standalone_mode=False)


def lines(*cases: object) -> str:
    return "".join(f"{case if isinstance(case, str) else json.dumps(case)}\n" for case in cases)


def documents(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def check_lines(*cases: object, flags: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return documents(policy("check", "--jsonl", "-", *flags, given=lines(*cases)).stdout)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("how was your day?", 0, ["✓ Allowed."]),
        ("find me on instagram tonight", 3, ["✗ Blocked: it names the platform instagram.", "           ^^^^^^^^^"]),
        ("my only page is my OnlyFans", 0, ["✓ Allowed."]),
        ("", 0, ["✓ Allowed."]),
    ],
)
def test_a_text_is_explained(text: str, code: int, words: list[str]) -> None:
    """What was found, where it stands, and an exit code a script can use."""
    done = policy("check", text)

    assert done.return_value == code
    for each in words:
        assert each in done.stdout


def test_the_caret_line_stands_under_the_span() -> None:
    """Right below the text."""
    shown = policy("check", "find me on instagram tonight").stdout.splitlines()

    text, carets = shown[1], shown[2]
    assert text[carets.index("^") : carets.rindex("^") + 1] == "instagram"


def test_a_disguised_name_shows_how_it_was_read() -> None:
    """The match copy, where it differs from what stands there."""
    shown = policy(
        "check", "find me on \U0001d422\U0001d427\U0001d42c\U0001d42d\U0001d41a\U0001d420\U0001d42b\U0001d41a\U0001d426"
    ).stdout

    assert "read as     instagram" in shown
    assert "read as" not in policy("check", "find me on Instagram").stdout


def test_a_name_that_terminal_escapes_hide_is_found() -> None:
    """A reader sees it whole, and the answer writes no escape back."""
    done = policy("check", "inst\x1b[31magram")

    assert done.return_value == 3
    assert "\x1b" not in done.stdout


def test_standard_input_is_read_too() -> None:
    """With - or without any text."""
    assert policy("check", "-", given="add me on snapchat\n").return_value == 3
    assert policy("check", given="add me on snapchat\n").return_value == 3


def test_the_other_person_may_say_anything() -> None:
    """It is told what to look out for."""
    done = policy("check", "--role", "fan", "add me on snapchat")

    assert done.return_value == 0
    assert "To look out for: it names the platform snapchat" in done.stdout


def test_json_is_one_document() -> None:
    """The keys of a line, the id aside."""
    done = policy("check", "--json", "find me on instagram")

    document = json.loads(done.stdout)
    assert done.return_value == 3
    assert list(document) == KEYS[1:]
    assert (document["evidence"], document["layer"]) == ("instagram", "names")


def test_what_was_said_before_counts(tmp_path: Path) -> None:
    """From a file for one text, from its own line with --jsonl; messages without text are left out."""
    (tmp_path / "turns.jsonl").write_text(lines(*INVITED), encoding="utf-8")
    yes = "sounds perfect, see you then"

    alone, invited = check_lines({"text": yes}, {"text": yes, "context": INVITED})

    assert alone["allowed"]
    assert (invited["allowed"], invited["rule"]) == (False, "meeting:agreed")
    assert policy("check", yes).return_value == 0
    assert policy("check", yes, "--context", str(tmp_path / "turns.jsonl")).return_value == 3


def test_every_line_gets_its_line_in_order() -> None:
    """The id may be any value; the role is a reply's unless the line says otherwise."""
    name = "add me on snapchat"

    found = check_lines(
        {"id": 1, "text": name},
        {"id": "b", "text": name, "role": "fan", "more": 1},
        {"id": {"c": [1]}, "text": ""},
        {"text": "hello", "role": None, "context": None},
    )

    assert [list(each) for each in found] == [KEYS] * 4
    assert [each["id"] for each in found] == [1, "b", {"c": [1]}, None]
    assert [each["allowed"] for each in found] == [False, True, True, True]
    assert found[1]["unsure"]
    assert found[0]["evidence"] == "snapchat"


def test_a_bad_line_keeps_its_place_and_the_rest_go_on() -> None:
    """An error with its id, its number on standard error, and the exit code of bad data at the end."""
    bad = [
        "not json",
        "[1]",
        {"id": 3, "text": 5},
        {"id": 4},
        {"id": 5, "text": "hi", "role": "robot"},
        {"id": 6, "text": "hi", "context": [{"role": "system", "content": "x"}]},
        '{"id": 7, "text": "hi"',
        "[" * 100_000,
        '{"id": ' + "9" * 5_000 + ', "text": "hi"}',
    ]
    done = policy("check", "--jsonl", "-", given=lines(*bad, "", {"id": 8, "text": "hi"}))

    found = documents(done.stdout)
    assert done.return_value == 65
    assert [each["id"] for each in found] == [None, None, 3, 4, 5, 6, None, None, None, 8]
    assert [("error" in each) for each in found] == [True] * 9 + [False]
    assert all(each["error"]["hint"] for each in found[:-1])
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [f"✗ line {number}" for number in range(1, 10)]


@pytest.mark.parametrize(
    "text",
    ["\ud800", "inst\udcffagram", "\x00\x1b[", "a\u2028b\u0085c", "\U000e0041", "\u202egnp", "👩‍🚀", "\x7f\t\r\n"],
)
def test_any_unicode_goes(text: str) -> None:
    """In text, id and context, lone surrogates too; every answer is one line of plain ASCII."""
    case = {"id": text, "text": text, "context": [{"role": "user", "content": text}]}

    checked = policy("check", "--jsonl", "-", given=lines(case)).stdout
    cleaned = policy("sanitise", "--jsonl", "-", given=lines(case)).stdout

    assert checked.isascii()
    assert cleaned.isascii()
    assert documents(checked)[0]["id"] == text
    assert documents(cleaned) == [{"id": text, "display": display(text), "match": fold(display(text)).text}]


def test_bytes_that_are_no_text_and_a_byte_order_mark_go_too() -> None:
    """They are read as well as they can be."""
    done = policy(
        "check", "--jsonl", "-", given=b'\xef\xbb\xbf{"id":1,"text":"a"}\r\n{"id":2,"text":"\xff\xfe snapchat"}'
    )

    assert [each["allowed"] for each in documents(done.stdout)] == [True, False]


def test_two_thousand_lines_stream_through_a_pipe(tmp_path: Path) -> None:
    """The real program; each line is answered before the next is sent, and neither DSPy nor rich is loaded."""
    code = "import sys; from brain.cli import main; main(); print(*sys.modules, file=sys.stderr)"
    running = subprocess.Popen(
        [sys.executable, "-c", code, "policy", "check", "--jsonl", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PERSONA_HOME": str(tmp_path)},
    )
    assert running.stdin
    assert running.stdout
    first = []
    for number in range(3):
        running.stdin.write(lines({"id": number, "text": "hey \ud83d you"}).encode())
        running.stdin.flush()
        first.append(json.loads(running.stdout.readline()))
    rest, errors = running.communicate(
        lines(*({"id": number, "text": f"how are you {number}?"} for number in range(3, 2_000))).encode(), timeout=120
    )

    assert running.returncode == 0
    assert [each["id"] for each in [*first, *documents(rest.decode())]] == list(range(2_000))
    assert set(errors.decode().split()).isdisjoint({"dspy", "rich", "numpy", "sqlalchemy"})


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    """As in `… | head -1`."""
    (tmp_path / "texts.jsonl").write_text(lines(*({"id": n, "text": "hi"} for n in range(3_000))), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "brain", "policy", "sanitise", "--jsonl", str(tmp_path / "texts.jsonl")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PERSONA_HOME": str(tmp_path)},
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""

    assert running.returncode == 0


def test_a_file_of_lines_and_a_policy_of_ones_own(tmp_path: Path) -> None:
    """What the operator allows is allowed."""
    (tmp_path / "policy.toml").write_text('platforms = {allow = ["youtube"]}', encoding="utf-8")
    (tmp_path / "texts.jsonl").write_text(lines({"id": 1, "text": "my youtube channel"}), encoding="utf-8")
    arguments = ("check", "--jsonl", str(tmp_path / "texts.jsonl"))

    assert documents(policy(*arguments).stdout)[0]["allowed"] is False
    assert documents(policy(*arguments, "--policy", str(tmp_path / "policy.toml")).stdout)[0]["allowed"] is True


def test_the_judge_has_the_last_word_on_a_reply(rules: Rules) -> None:
    """It hears text, context and the rules' verdict; what the other person says is not judged."""
    asked: list[tuple[str, int, bool]] = []

    def judge(text: str, context: Sequence[Message], verdict: Verdict) -> Verdict:
        asked.append((text, len(context), verdict.allowed))
        return Verdict(allowed=False, layer="judge", rule="judge", evidence="hello", end=5)

    checker = Checker(rules, Routes(), judge)

    assert checker.check("hello").verdict.layer == "judge"
    assert checker.check("hello", "fan").verdict.allowed
    assert asked == [("hello", 0, True)]


def test_without_an_able_judge_the_rules_decide_alone_and_say_so() -> None:
    """The embedded model is too small to judge."""
    done = policy("check", "--json", "--judge", "auto", "find me on instagram")

    assert done.return_value == 3
    assert json.loads(done.stdout)["layer"] == "names"
    assert "rules decide alone" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("check", "--policy", "/no/such.toml", "hi"), 66, "such.toml"),
        (("check", "--jsonl", "/no/such.jsonl"), 66, "such.jsonl"),
        (("check", "hi", "--context", "/no/such.jsonl"), 66, "such.jsonl"),
        (("check", "hi", "--jsonl", "-"), 2, "--jsonl brings its own"),
        (("check", "--role", "robot", "hi"), 2, "robot"),
        (("sanitise", "hi", "--jsonl", "-"), 2, "--jsonl brings its own"),
        (("show", "--policy", "/no/such.toml"), 66, "such.toml"),
    ],
)
def test_every_bad_input_has_a_line_and_a_code(arguments: tuple[str, ...], code: int, words: str) -> None:
    """What and where; with --json and --jsonl as a document."""
    done = policy(*arguments)

    error = done.exception
    if isinstance(error, PersonaError | click.ClickException):
        assert error.exit_code == code
        assert words in error.message
    else:
        assert done.return_value == code
        assert words in json.loads(done.stdout)["error"]["message"]


def test_a_bad_turn_of_the_context_is_named(tmp_path: Path) -> None:
    """By its line."""
    (tmp_path / "turns.jsonl").write_text(lines(INVITED[0], {"role": "robot"}), encoding="utf-8")

    done = policy("check", "hi", "--context", str(tmp_path / "turns.jsonl"))

    assert isinstance(done.exception, PersonaError)
    assert done.exception.message.startswith("line 2: role")


def test_the_policy_is_shown_in_words() -> None:
    """Categories with their meaning, names, exceptions and what is said instead."""
    shown = policy("show").stdout

    for words in ("training_data/policy.toml", "never said", "instagram", "fansly", "OnlyFans, under all its names"):
        assert words in shown


def test_the_policy_as_a_document(tmp_path: Path) -> None:
    """What the operator changed is in it, their own category too."""
    (tmp_path / "policy.toml").write_text(
        """
        version = 7
        categories = {contact_exchange = false, fan_platforms = false}
        platforms = {allow = ["youtube"], deny = ["my old page"]}
        [[category]]
        id = "politics"
        definition = "The reply takes sides."
        names = ["ballot"]
        """,
        encoding="utf-8",
    )

    document = json.loads(policy("show", "--json", "--policy", str(tmp_path / "policy.toml")).stdout)
    text = policy("show", "--policy", str(tmp_path / "policy.toml")).stdout

    categories = {each["id"]: each for each in document["categories"]}
    assert (document["version"], len(document["sha256"])) == (7, 64)
    assert document["allowed"] == ["onlyfans", "youtube"]
    assert document["denied"] == ["my old page"]
    assert not categories["contact_exchange"]["forbidden"]
    assert "instagram" in categories["social_platforms"]["platforms"]
    assert "youtube" not in categories["social_platforms"]["platforms"]
    assert categories["fan_platforms"]["platforms"] == []
    assert (categories["politics"]["own"], categories["politics"]["names"]) == (True, ["ballot"])
    assert document["fallbacks"]["general"] > 0
    assert "not forbidden" in text
    assert "word for word: ballot" in text


def test_a_text_is_sanitised() -> None:
    """What people see and what is searched; for a script as one document."""
    text = "H\u200bÉY \x1b[31m👩‍🚀"

    assert policy("sanitise", text).stdout == "display  HÉY 👩‍🚀\nmatch    hey 👩🚀\n"
    assert json.loads(policy("sanitise", text, "--json").stdout) == {"display": "HÉY 👩‍🚀", "match": "hey 👩🚀"}
    assert policy("sanitise", "-", given="hey\n").stdout == "display  hey\nmatch    hey\n"


def test_the_help_says_what_a_script_must_know(tmp_path: Path) -> None:
    """Shape of a line, and exit codes."""
    shown = persona("policy", "check", "--help", home=tmp_path).stdout

    assert '"context"' in shown
    assert "exit code" in shown


@pytest.mark.parametrize(
    ("text", "start", "end", "columns"),
    [("x" * 500 + "HERE" + "y" * 500, 500, 504, 40), ("HERE" + "y" * 500, 0, 4, 40), ("x" * 90 + "HERE", 90, 94, 40)],
)
def test_a_long_text_is_cut_around_its_span(text: str, start: int, end: int, columns: int) -> None:
    """What decided stays in sight, with an ellipsis where something is left out."""
    shown, carets = marked(text, start, end, columns)

    assert len(shown) <= columns
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "HERE"
    assert shown.count("…") == (start > 40) + (len(text) - end > 40)


def test_wide_characters_and_line_breaks_keep_the_carets_in_place() -> None:
    """A caret counts columns, not characters."""
    assert marked("你好\nHERE 👍", 3, 7, 40) == ("你好 HERE 👍", "     ^^^^")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("platform:tiktok", "names the platform tiktok"),
        ("handoff:agreed", "agrees to go to another place, as the other person asked"),
        ("meeting:invite-place", "sounds like meeting in person (invite, place)"),
        ("something:new", "is against the rule something:new"),
    ],
)
def test_every_rule_has_words(rule: str, words: str) -> None:
    """Also one that came later."""
    assert rule_in_words(rule) == words


def test_doubt_is_told_as_doubt() -> None:
    """A judge would be asked."""
    out = io.StringIO()
    verdict = Verdict(allowed=True, unsure=True, category="in_person", layer="meetings", rule="meeting:ask", end=2)

    explain(Checked("so", verdict), fan=False, console=Console(file=out, width=80))

    assert out.getvalue().startswith("? Allowed, but unsure: it asks to meet in person. A judge would be asked.")


def test_a_number_that_json_does_not_know_is_refused() -> None:
    """It would come back as a line that no other program reads."""
    done = policy("check", "--jsonl", "-", given='{"id": NaN, "text": "hi"}\n{"id": 2, "text": "hi"}\n')

    assert done.return_value == 65
    first, second = documents(done.stdout)
    assert first["id"] is None
    assert second["allowed"]


@pytest.mark.parametrize("asked", ["are you a bot?", "bist du ein Bot?", "are you really nela?"])
def test_a_denial_is_judged_by_what_was_asked(asked: str) -> None:
    """As in a chat."""
    said = {"text": "of course it's me, silly"}
    honest, plain = check_lines({**said, "context": [{"role": "user", "content": asked}]}, said)

    assert (honest["allowed"], honest["rule"]) == (False, "denial")
    assert plain["allowed"]
