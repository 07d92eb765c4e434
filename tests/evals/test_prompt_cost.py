"""What a turn costs by our recipe and by DSPy's own: calls and characters, counted where they leave."""

from __future__ import annotations

import pytest
from fakes import HashEmbedder

from brain.demos import DemoBank, Row
from brain.models import Persona, Recipe
from brain.modules.chat import ChatProgram
from evals.prompt_cost import sent_in_a_turn

K = 3


@pytest.mark.parametrize("turns", [1, 20])
def test_one_call_and_less_than_half_the_prompt(rules, turns, capfd):
    """The same demos and history under ChatAdapter cost twice as much; raw KNNFewShot asks k times more."""
    rows = [Row(str(number), f"question {number} about clay", f"answer {number}, briefly") for number in range(40)]
    embed = HashEmbedder()
    program = ChatProgram(Persona(name="Ada", id="ada", about="Ada mends clocks."), rules, small=True)
    program.replier.use(DemoBank.build(rows, embed), Recipe(k=K))

    ours, labelled, raw = sent_in_a_turn(program, [f"and number {number}?" for number in range(turns)], embed)

    assert [len(one.prompts) for one in (ours, labelled, raw)] == [1, 1, K + 1]
    assert characters(ours) <= 0.5 * characters(labelled)
    assert characters(raw) > 3 * characters(labelled)
    assert capfd.readouterr().out == ""


def characters(sent):
    return sum(len(turn["content"]) for prompt in sent.prompts for turn in prompt)
