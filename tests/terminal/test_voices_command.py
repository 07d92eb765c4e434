"""`persona voices`: what there is, and how a voice comes, is chosen, and goes."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from lms.servers import OllamaServer, Reply
from running import persona
from sources.files import CARD, chunk, packed, png
from terminal.terminal import Terminal

from brain.cli import persona as group
from brain.errors import DataError, NotFoundError
from brain.lessons import keep_lesson
from brain.models import LabeledConversation

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

CHAT = (
    "31/12/2026, 22:15 - Sam: hi\n31/12/2026, 22:16 - Ada Lo: hello\n31/12/2026, 22:17 - Sam: how's the clock?\n"
    "31/12/2026, 22:18 - Ada Lo: ticking\n31/12/2026, 22:18 - Ada Lo: mostly 🕰\n"
)
LESSON = {"chat_history": {"messages": [{"from_creator": False, "content": "and now?"}]}, "output": "still ticking"}


def voices(*arguments: str, home: Path) -> Result:
    return CliRunner().invoke(group, ["--home", str(home), "voices", *arguments], standalone_mode=False)


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """A home with a voice of two replies."""
    home = tmp_path / "home"
    (tmp_path / "chat.txt").write_text(CHAT)
    done = voices("add", str(tmp_path / "chat.txt"), "--name", "ada", "--client", "ada", "--yes", home=home)
    assert done.exception is None, done.exception
    return home


def test_a_chat_export_becomes_a_voice_after_it_was_shown(tmp_path: Path) -> None:
    """Form, person, counts and examples on standard error; its sources are kept for the next compile."""
    (tmp_path / "chat.txt").write_text(CHAT)

    done = persona("voices", "add", str(tmp_path / "chat.txt"), "--client", "ada", "-y", home=tmp_path / "home")

    assert done.returncode == 0, done.stderr
    assert "✓ ada-lo@1 is ready" in done.stdout
    for shown in ("a WhatsApp export", "Ada Lo", "2 replies, 2026-12-31", "› how's the clock?", "ticking mostly 🕰"):
        assert shown in done.stderr
    folder = tmp_path / "home" / "data" / "voices" / "ada-lo"
    assert {file.name for file in folder.iterdir()} == {"1", "conversations.json", "persona.toml", ".adding.lock"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir() if file.is_file()} == {0o600}
    assert json.loads((folder / "conversations.json").read_bytes())[1]["output"] == "ticking\nmostly 🕰"


def test_without_anybody_to_ask_nothing_is_made_unless_it_is_said(tmp_path: Path) -> None:
    """It is shown all the same."""
    (tmp_path / "card.json").write_text(json.dumps(CARD))

    done = persona("voices", "add", str(tmp_path / "card.json"), home=tmp_path / "home")

    assert done.returncode == 65
    assert "patient, dry" in done.stderr
    assert "--yes makes the voice unasked" in done.stderr
    assert not (tmp_path / "home").exists()


def test_in_a_terminal_it_asks_who_the_client_is_and_whether_to_go_on(tmp_path: Path) -> None:
    """By number; no is an answer."""
    (tmp_path / "chat.txt").write_text(CHAT)
    home = tmp_path / "home"

    with Terminal("voices", "add", str(tmp_path / "chat.txt"), home=home) as terminal:
        terminal.wait("1  Ada Lo (3 messages)")
        terminal.wait("2  Sam (2 messages)")
        terminal.say("1")
        terminal.wait("Make the voice ada-lo of it?")
        terminal.say("n")
        terminal.wait("Nothing was made.")
        assert terminal.end() == 0
    assert not (home / "data" / "voices" / "ada-lo").exists()

    with Terminal("voices", "add", str(tmp_path / "chat.txt"), home=home) as terminal:
        terminal.wait("Number")
        terminal.say("1")
        terminal.wait("Make the voice")
        terminal.say("")
        terminal.wait("ada-lo@1 is ready")
        assert terminal.end() == 0


def test_escapes_of_a_file_reach_neither_screen_nor_voice(tmp_path: Path) -> None:
    """Names, texts and all."""
    card = {**CARD, "data": {**CARD["data"], "name": "A\x1b[2Jda\x07", "personality": "\x1b]0;title\x07dry"}}
    (tmp_path / "card.png").write_bytes(png(chunk(b"tEXt", b"chara\0" + packed(card))))

    done = persona("voices", "add", str(tmp_path / "card.png"), "-y", home=tmp_path / "home")

    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x1b" not in (tmp_path / "home" / "data" / "voices" / "ada" / "persona.toml").read_text()
    assert "\\u001b" in (tmp_path / "home" / "data" / "voices" / "ada" / "card.json").read_text(), "kept untouched"


def test_a_name_that_is_taken_is_refused_before_anything_is_read(ada: Path, tmp_path: Path) -> None:
    """The bundled one too; an odd name is none."""
    for name in ("ada", "nela"):
        done = voices("add", str(tmp_path / "gone.txt"), "--name", name, home=ada)
        assert isinstance(done.exception, DataError)
        assert "already" in done.exception.message
    odd = voices("add", str(tmp_path / "gone.txt"), "--name", "../up", home=ada)
    assert isinstance(odd.exception, DataError)
    assert "no name for a voice" in odd.exception.message


def test_what_was_read_is_kept_when_the_compile_did_not_end(tmp_path: Path) -> None:
    """Another compile makes the voice of it."""
    home = tmp_path / "home"
    (tmp_path / "chat.txt").write_text(CHAT)
    add = ("voices", "add", str(tmp_path / "chat.txt"), "--name", "ada", "--client", "ada", "--yes")
    broken = persona(*add, home=home, environ={"PERSONA_POLICY": str(tmp_path / "gone.toml")})

    done = persona("compile", "ada", "--listen", "0", home=home)

    assert broken.returncode != 0
    assert done.returncode == 0, done.stderr
    assert "ada@1 is ready" in done.stdout


def test_two_who_add_the_same_voice_at_once_do_not_mix(tmp_path: Path) -> None:
    """One makes it; the other is told that there is such a voice."""
    files = {name: tmp_path / f"{name}.txt" for name in ("Ada Lo", "Sam")}
    for file in files.values():
        file.write_text(CHAT)
    home = tmp_path / "home"

    with ThreadPoolExecutor() as pool:
        add = [
            pool.submit(persona, "voices", "add", str(file), "--name", "twin", "--client", who, "-y", home=home)
            for who, file in files.items()
        ]
        done = [each.result() for each in add]

    assert sorted(each.returncode for each in done) == [0, 65]
    folder = home / "data" / "voices" / "twin"
    assert (folder / "conversations.json").read_bytes() == (folder / "1" / "conversations.json").read_bytes()
    assert not (folder / "2").exists()


def test_a_card_without_dialogue_becomes_a_voice_that_answers(tmp_path: Path) -> None:
    """With its description alone; lessons teach it, and the next compile learns them."""
    home = tmp_path / "home"
    (tmp_path / "card.json").write_text(json.dumps({**CARD, "data": {**CARD["data"], "mes_example": ""}}))

    made = persona("voices", "add", str(tmp_path / "card.json"), "-y", home=home)
    with OllamaServer(models=["tiny"]) as server:
        server.script(Reply("mind the springs"))
        said = persona("ask", "hi", "--as", "ada", home=home, server=server)
    keep_lesson(home / "data" / "voices", "ada", LabeledConversation.model_validate(LESSON))
    taught = persona("compile", "ada", home=home)

    assert made.returncode == said.returncode == taught.returncode == 0, said.stderr + taught.stderr
    assert said.stdout == "mind the springs\n"
    assert "ada@2 is ready" in taught.stdout
    assert "1 lesson of yours" in taught.stderr


def test_the_list_is_what_the_bare_noun_says(ada: Path) -> None:
    """The bundled voice is always there, the default one is marked."""
    shown = voices(home=ada).stdout
    document = json.loads(voices("--json", home=ada).stdout)

    assert "ada@1" in shown
    assert "* nela" in shown
    assert [(voice["name"], voice["current"], voice["rows"]) for voice in document["voices"]] == [
        ("ada", 1, 2),
        ("nela", None, None),
    ]


@pytest.mark.parametrize("width", [20, 50, 70, 200])
def test_the_list_cuts_columns_and_no_names(ada: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the terminal is."""
    monkeypatch.setenv("COLUMNS", str(width))

    lines = voices("list", home=ada).stdout.splitlines()

    assert max(map(len, lines)) <= width
    assert "  ada@1" in lines[1]
    assert ("compiled" in lines[0]) == (width >= 50)


def test_the_bundled_voice_is_told_before_its_first_use(tmp_path: Path) -> None:
    """There is nothing of it to remove yet."""
    shown = voices("show", home=tmp_path)
    document = json.loads(voices("show", "nela", "--json", home=tmp_path).stdout)
    error = voices("rm", "nela", home=tmp_path).exception

    assert "Nela" in shown.stdout
    assert "at first use" in shown.stdout
    assert (document["version"], document["rows"] > 100, document["persona"]["name"]) == (None, True, "Nela")
    assert isinstance(error, NotFoundError)
    assert "first chat" in error.hint


def test_a_damaged_store_does_not_hide_a_voice(ada: Path) -> None:
    """How many conversations there are cannot be told, and that is all."""
    (ada / "data" / "persona.db").write_bytes(b"no database at all" * 1000)

    document = json.loads(voices("show", "ada", "--json", home=ada).stdout)

    assert (document["name"], document["conversations"]) == ("ada", None)


def test_show_counts_the_lessons_that_wait(ada: Path) -> None:
    """And says what learns them."""
    keep_lesson(ada / "data" / "voices", "ada", LabeledConversation.model_validate(LESSON))

    document = json.loads(voices("show", "ada", "--json", home=ada).stdout)
    shown = voices("show", "ada@1", home=ada).stdout

    assert (document["lessons"], document["waiting"], document["conversations"]) == (1, 1, 0)
    assert document["persona"]["name"] == "Ada Lo"
    assert "persona compile ada learns them" in " ".join(shown.split())


def test_a_voice_that_cannot_be_read_does_not_hide_the_others(ada: Path) -> None:
    """It is told below; `show` ends with its error."""
    (ada / "data" / "voices" / "ada" / "1" / "manifest.json").write_text("{")

    done = voices("list", home=ada)

    assert "nela" in done.stdout
    assert "manifest.json: cannot be read" in done.stderr
    assert isinstance(voices("show", "ada", home=ada).exception, DataError)


def test_use_makes_a_voice_the_default_and_goes_back_to_a_version(ada: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments in the settings stay; something stronger is told."""
    (ada / "config").mkdir(exist_ok=True)
    file = ada / "config" / "config.toml"
    file.write_text('# mine\nmodel = "ollama/tiny"  # local\n')
    persona("compile", "ada", "--listen", "0", home=ada)

    done = voices("use", "ada@01", home=ada)
    current = {voice["name"]: voice for voice in json.loads(voices("--json", home=ada).stdout)["voices"]}["ada"]
    unknown = voices("use", "ada@9", home=ada)
    monkeypatch.setenv("PERSONA_VOICE", "nela")
    hidden = voices("use", "ada", home=ada)

    assert done.exception is None
    assert "ada@1 is the voice you talk to now" in done.stderr
    assert (current["default"], current["current"], current["versions"]) == (True, 1, [1, 2])
    assert isinstance(unknown.exception, NotFoundError)
    assert "# mine" in file.read_text()
    assert "# local" in file.read_text()
    assert "$PERSONA_VOICE says 'nela'" in hidden.stderr


def test_a_removed_voice_comes_back_as_it_was(ada: Path) -> None:
    """Lessons and all; its name is free meanwhile."""
    folder = ada / "data" / "voices"
    keep_lesson(folder, "ada", LabeledConversation.model_validate(LESSON))
    before = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    removed = voices("rm", "ada", home=ada)
    away = voices("list", "--removed", home=ada)
    gone = voices("show", "ada", home=ada)
    restored = voices("restore", "ada", home=ada)

    assert removed.exception is restored.exception is None
    assert "persona voices restore ada" in removed.stderr
    assert away.stdout == "ada\n"
    assert isinstance(gone.exception, NotFoundError)
    assert {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_a_removed_version_keeps_its_number(ada: Path) -> None:
    """The next compile takes another, so that it can come back; the only version is the voice."""
    only = voices("rm", "ada@1", home=ada)
    only_now = voices("rm", "ada@1", "--now", "--yes", home=ada)
    persona("compile", "ada", "--listen", "0", home=ada)

    voices("rm", "ada@2", home=ada)
    third = persona("compile", "ada", "--listen", "0", home=ada)
    back = voices("restore", "ada@2", home=ada)
    versions = json.loads(voices("show", "ada", "--json", home=ada).stdout)["versions"]

    assert isinstance(only.exception, DataError)
    assert isinstance(only_now.exception, DataError)
    assert "ada@3 is ready" in third.stdout
    assert back.exception is None
    assert versions == [1, 2, 3]


def test_what_is_removed_for_good_leaves_nothing(ada: Path) -> None:
    """What was put away of it before goes too; without a terminal only with --yes."""
    voices("rm", "ada", home=ada)
    unasked = voices("rm", "ada", "--now", home=ada)

    done = voices("rm", "ada", "--now", "--yes", home=ada)

    assert isinstance(unasked.exception, DataError)
    assert "--yes" in unasked.exception.hint
    assert "Gone for good: ada" in done.stderr
    assert not [file for file in (ada / "data" / "voices").rglob("*") if file.is_file()]
    assert isinstance(voices("rm", "ada", "--now", "--yes", home=ada).exception, NotFoundError)


def test_in_a_terminal_it_asks_before_it_removes_for_good(ada: Path) -> None:
    """For good, and no is an answer; what can be restored goes unasked."""
    with Terminal("voices", "rm", "ada", "--now", home=ada) as terminal:
        terminal.wait("with 1 version and its lessons for good")
        terminal.say("n")
        terminal.wait("Nothing was removed.")
        assert terminal.end() == 0
    assert voices("show", "ada", home=ada).exception is None

    with Terminal("voices", "rm", "ada", home=ada) as terminal:
        terminal.wait("persona voices restore ada")
        assert terminal.end() == 0


def test_a_voice_leaves_as_a_card(ada: Path, tmp_path: Path) -> None:
    """For its owner alone, and over nothing that is there; what it shows of real talk is said."""
    file = tmp_path / "ada.json"

    done = voices("export", "ada", "--card", "-o", str(file), home=ada)
    again = voices("export", "ada", "-o", str(file), home=ada)
    printed = voices("export", "ada", "--examples", "0", home=ada)

    card: dict[str, Any] = json.loads(file.read_bytes())
    assert "2 real conversations" in done.stderr
    assert card["spec"] == "chara_card_v2"
    assert "{{char}}: ticking\nmostly 🕰" in card["data"]["mes_example"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert isinstance(again.exception, DataError)
    assert json.loads(printed.stdout)["data"]["mes_example"] == ""
    assert printed.stderr == ""


def test_an_export_goes_where_a_link_leads_after_it_was_asked(ada: Path, tmp_path: Path) -> None:
    """No leaves the file alone; a device is no file."""
    (tmp_path / "real.json").write_text("mine")
    (tmp_path / "link.json").symlink_to("real.json")
    for answer, kept in (("n", True), ("y", False)):
        with Terminal("voices", "export", "ada", "-o", str(tmp_path / "link.json"), home=ada, columns=400) as terminal:
            terminal.wait("Replace it?")
            terminal.say(answer)
            assert terminal.end() == 0
        assert ((tmp_path / "real.json").read_text() == "mine") == kept
    device = voices("export", "ada", "-o", "/dev/null", home=ada)

    assert (tmp_path / "link.json").is_symlink()
    assert isinstance(device.exception, DataError)
    assert "is no file" in device.exception.message


def test_the_bundled_voice_can_be_exported_before_its_first_use(tmp_path: Path) -> None:
    """Its data travel with the program."""
    card = json.loads(voices("export", "nela", home=tmp_path).stdout)

    assert card["data"]["name"] == "Nela"
    assert card["data"]["mes_example"].count("<START>") == 8


def test_a_card_leaves_with_its_extensions(tmp_path: Path) -> None:
    """Untouched, after it was a voice."""
    (tmp_path / "card.json").write_text(json.dumps(CARD))
    voices("add", str(tmp_path / "card.json"), "-y", home=tmp_path / "home")

    assert json.loads(voices("export", "ada", home=tmp_path / "home").stdout) == CARD


def test_errors_are_one_document_where_json_is_wanted(tmp_path: Path) -> None:
    """With the code."""
    done = voices("show", "nobody", "--json", home=tmp_path)

    assert json.loads(done.stdout)["error"]["code"] == "not_found"
