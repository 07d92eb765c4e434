"""Why a reply reads as it does: what was sent, what came back, and what was done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from brain.sanitise import display
from brain.terminal.counted import counted, one_line
from brain.terminal.rule_words import rule_in_words

if TYPE_CHECKING:
    from rich.console import Console

    from brain.models import Prompt, Turn, Usage, Verdict

_DONE = {
    "none": "nothing was done",
    "redrafted": "a new draft was written",
    "trimmed": "that sentence was left out",
    "fallback": "a line of the voice's own was said instead",
}


def print_why(console: Console, turn: Turn) -> None:
    """First the messages exactly as they were sent, then the reasons, so that these stand next to the prompt."""
    for number, prompt in enumerate(turn.prompts, start=1):
        which = f" of call {number}" if len(turn.prompts) > 1 else ""
        _print_prompt(console, prompt, f"the messages{which}, exactly as they were sent")
    _fact(console, "voice", f"{turn.voice} · model {turn.model}")
    if turn.situation:
        _fact(console, "situation", turn.situation)
    _fact(console, "filter", _filtered(turn.verdict))
    if turn.context_size:
        _fact(console, "context", _context(turn))
    if turn.earlier is not None:
        _fact(console, "earlier", turn.earlier.line)
    _fact(console, "spent", _spent(turn.usage))
    _print_demos(console, turn)


def _print_prompt(console: Console, prompt: Prompt, title: str) -> None:
    console.print(Text(title, style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 1), expand=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(ratio=1, overflow="fold")
    for message in prompt:
        table.add_row(message["role"], Text(display(message["content"])))
    console.print(Padding(table, (0, 0, 1, 1), expand=False))


def _print_demos(console: Console, turn: Turn) -> None:
    if not turn.demos:
        _fact(console, "demos", "none")
        return
    _fact(console, "demos", f"real replies that were shown as examples, from {turn.voice}, nearest first")
    table = Table(box=None, show_header=False, padding=(0, 1), expand=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for demo in turn.demos:
        table.add_row(
            f"{demo.similarity:.2f}",
            Text.assemble(f"#{demo.id} “{one_line(demo.message)}” → ", (f"“{one_line(demo.reply)}”", "italic")),
        )
    console.print(Padding(table, (0, 0, 1, 2), expand=False))


def _fact(console: Console, name: str, text: str) -> None:
    fact = Table.grid(padding=(0, 1, 0, 0))
    fact.add_column(width=9, style="bold")
    fact.add_column(overflow="fold")
    fact.add_row(name, Text(display(text)))
    console.print(fact)


def _filtered(verdict: Verdict) -> str:
    """What the filter did, in words."""
    rule = rule_in_words(verdict.rule or "")
    if verdict.action == "answered":
        return f"answered ahead of the voice: the message {rule}"
    if not verdict.allowed:
        return f"a draft was stopped, for it {rule} (layer: {verdict.layer}); {_DONE[verdict.action]}"
    if verdict.unsure:
        return f"let through by the rules, though it {rule}; no able judge was there"
    return f"clean ({'judge' if verdict.layer == 'judge' else 'rules'})"


def _context(turn: Turn) -> str:
    left_out = f"; {counted(turn.omitted, 'older message')} left out" if turn.omitted else ""
    return f"{turn.context_tokens:,} of {turn.context_size:,} tokens by our own count{left_out}"


def _spent(usage: Usage) -> str:
    cached = f", {usage.cached_tokens:,} of them cached" if usage.cached_tokens else ""
    first = f", first word after {usage.first_word:.1f} s" if usage.first_word is not None else ""
    calls = counted(usage.lm_calls, "call")
    return (
        f"{calls}, {usage.prompt_tokens:,} prompt tokens{cached}, {usage.completion_tokens:,} written, "
        f"{usage.seconds:.1f} s{first}"
    )
