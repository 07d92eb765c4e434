"""`persona eval topics`, as the program, on small sets."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from topic_samples import a_row, written

from brain.cli import persona

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

INVITATION = "let's meet tomorrow at 8 at my place"


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without platforms there is nothing to disguise, which is what takes long."""
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text("[categories]\nsocial_platforms = false\nfan_platforms = false\n")
    return path


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A half to look at and a half to keep; of each one of two violations is caught."""
    folder = tmp_path_factory.mktemp("sets")
    tune, proof = (
        written(
            folder / f"a_{half}.jsonl",
            a_row(f"{half}-1", INVITATION, category="in_person", violation=True),
            a_row(f"{half}-2", missed, category="in_person", violation=True),
        )
        for half, missed in (("tune", "an open secret"), ("proof", "a kept secret"))
    )
    return str(tune), str(proof)


@pytest.fixture(scope="module")
def both(policy: Path, sets: tuple[str, str]) -> tuple[str, ...]:
    """The arguments by which both halves are measured, with that policy."""
    return ("--policy", str(policy), "--set", sets[0], "--set", sets[1])


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A greeting, and one message that is an invitation."""
    file = tmp_path_factory.mktemp("talk") / "talk.txt"
    file.write_text(f"good morning\n{INVITATION}\n")
    return file


@pytest.fixture(scope="module")
def tables(both: tuple[str, ...]) -> Result:
    """What is printed; the recall is just the least."""
    return run(*both, "--min-recall", "0.5")


@pytest.fixture(scope="module")
def document(both: tuple[str, ...], talk: Path) -> dict[str, Any]:
    """The same as JSON, with a file of ordinary talk."""
    found: dict[str, Any] = json.loads(run(*both, "--ordinary", talk, "--json").stdout)
    return found


@pytest.fixture(scope="module")
def proof(both: tuple[str, ...]) -> Result:
    """The half to keep by itself; the recall is a little less than the least."""
    return run(*both, "--half", "proof", "--min-recall", "0.51")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(persona, ["eval", "topics", *map(str, arguments)], standalone_mode=False)


def test_it_prints_tables_and_keeps_the_proof(tables: Result, document: dict[str, Any]) -> None:
    """The messages of the half to look at are shown, those of the other are not, in a table or in JSON."""
    assert tables.exception is None
    assert "an open secret" in tables.stdout
    assert "a kept secret" not in tables.stdout
    assert [half["half"] for half in document["halves"]] == ["tune", "proof"]
    assert "an open secret" in json.dumps(document)
    assert "a kept secret" not in json.dumps(document)
    assert document["ordinary"][0]["name"] == "made up"


def test_the_proof_is_shown_when_asked_for_outright(proof: Result, both: tuple[str, ...]) -> None:
    """By naming the half and a number."""
    assert "a kept secret" not in proof.stdout
    shown = run(*both, "--half", "proof", "--worst", "5").stdout
    assert "a kept secret" in shown
    assert "an open secret" not in shown


def test_below_the_least_recall_it_exits_3(tables: Result, proof: Result) -> None:
    """For a gate in CI; the tables are printed all the same."""
    assert (tables.return_value, proof.return_value) == (0, 3)
    assert "bars reached" in tables.stdout
    assert "bars reached" in proof.stdout
    assert "--min-recall" not in tables.stderr
    assert "The recall is 0.500, and --min-recall is 0.51." in proof.stderr


def test_ordinary_talk_is_measured_beside_the_made_up(document: dict[str, Any]) -> None:
    """Each file by itself."""
    assert [one["name"] for one in document["ordinary"]] == ["made up", "talk.txt"]
    assert document["ordinary"][1]["blocked"]["hits"] == 1
    assert document["ordinary"][1]["flagged"][0]["text"] == INVITATION


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--set", "none.jsonl"), "none.jsonl: no such file"),
        (("--ordinary", "none.txt"), "none.txt: no such file or folder"),
        (("--policy", "none.toml"), "none.toml: no such policy file"),
    ],
)
def test_a_bad_file_gets_one_clear_line(arguments, what):
    """As a document with --json; nothing is measured."""
    done = CliRunner().invoke(persona, ["eval", "topics", *arguments, "--json"])

    assert done.exit_code in {65, 66}
    assert what in json.loads(done.stdout)["error"]["message"]


def test_the_word_topics_is_a_command_and_every_other_a_voice():
    """The help of both says so; options of one are not options of the other."""
    runner = CliRunner()

    assert "eval topics --help" in runner.invoke(persona, ["eval", "--help"]).output
    own = runner.invoke(persona, ["eval", "topics", "--help"])
    assert own.output.startswith("Usage: persona eval topics [OPTIONS]")
    assert "--min-recall" in own.output
    assert "No such option" in runner.invoke(persona, ["eval", "nela", "--min-recall", "1"]).output
    assert "No such option" in runner.invoke(persona, ["eval", "topics", "--systems", "ours"]).output


def test_without_a_judge_nothing_heavy_is_imported(policy, sets):
    """Measuring the rules takes no engine and no DSPy."""
    program = (
        "import sys; from brain.cli import persona;"
        f"persona.main(['eval', 'topics', '--policy', {str(policy)!r}, '--set', {sets[0]!r}], standalone_mode=False);"
        "print([name for name in ('dspy', 'numpy', 'sklearn', 'litellm') if name in sys.modules], file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
