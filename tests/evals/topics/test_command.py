"""`persona eval topics`, as the program, on small sets."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from topic_samples import a_row, written

from brain.cli import persona

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

INVITATION = "let's meet tomorrow at 8 at my place"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Without platforms there is nothing to disguise, which is what takes long."""
    path = tmp_path / "policy.toml"
    path.write_text("[categories]\nsocial_platforms = false\nfan_platforms = false\n")
    return path


@pytest.fixture
def sets(tmp_path: Path) -> tuple[str, str]:
    """A half to look at and a half to keep."""
    hit = a_row("1", INVITATION, category="in_person", violation=True)
    miss = a_row("2", "an open secret", category="in_person", violation=True)
    tune = written(tmp_path / "a_tune.jsonl", hit, miss)
    proof = written(tmp_path / "a_proof.jsonl", a_row("3", "a kept secret", category="in_person", violation=True))
    return str(tune), str(proof)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(persona, ["eval", "topics", *map(str, arguments)])


def test_it_prints_tables_and_keeps_the_proof(policy, sets):
    """The messages of the half to look at are shown, those of the other are not, in a table or in JSON."""
    both = ("--policy", policy, "--set", sets[0], "--set", sets[1])

    shown = run(*both)
    document = json.loads(run(*both, "--json").stdout)

    assert shown.exit_code == 0, shown.output
    assert "an open secret" in shown.stdout
    assert "a kept secret" not in shown.stdout
    assert [half["half"] for half in document["halves"]] == ["tune", "proof"]
    assert "a kept secret" not in json.dumps(document)
    assert document["ordinary"][0]["name"] == "made up"


def test_the_proof_is_shown_when_asked_for_outright(policy, sets):
    """By naming the half and a number."""
    asked = ("--policy", policy, "--set", sets[0], "--set", sets[1], "--half", "proof")

    assert "a kept secret" not in run(*asked).stdout
    shown = run(*asked, "--worst", "5").stdout
    assert "a kept secret" in shown
    assert "an open secret" not in shown


@pytest.mark.parametrize(("least", "code"), [("0.5", 0), ("0.51", 3)])
def test_below_the_least_recall_it_exits_3(policy, sets, least, code):
    """For a gate in CI; the tables are printed all the same."""
    done = CliRunner().invoke(
        persona,
        ["eval", "topics", "--policy", str(policy), "--set", sets[0], "--min-recall", least],
        standalone_mode=False,
    )

    assert done.return_value == code
    assert "bars reached" in done.stdout
    assert ("The recall is 0.500, and --min-recall is 0.51." in done.stderr) == (code == 3)


def test_ordinary_talk_is_measured_beside_the_made_up(policy, sets, tmp_path):
    """Each file by itself."""
    talk = tmp_path / "talk.txt"
    talk.write_text(f"good morning\n{INVITATION}\n")

    document = json.loads(run("--policy", policy, "--set", sets[0], "--ordinary", talk, "--json").stdout)

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
    done = run(*arguments, "--json")

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
