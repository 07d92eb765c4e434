"""How far an evaluation is."""

from __future__ import annotations

from evals.progress import Progress


def test_a_line_each_tenth_where_nothing_can_be_rewritten(capsys):
    """On standard error, never among the results."""
    progress = Progress()
    progress.say("5 prompts")
    progress.begin(20)
    for _ in range(20):
        progress.tick()
    progress.stop()

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert lines[0] == "5 prompts"
    assert len(lines) == 11
    assert lines[-1] == "100 %: 20 of 20 replies"
