"""Every prompt with every system's reply beside the real one; all of it is untrusted text, and escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from brain.sanitise import display
from evals.compare import OURS, REAL, merit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evals.results import EvalResult, JudgedAnswer, PromptResult


def replies(result: EvalResult) -> str:
    """The controls, which wait for the script, and the prompts in the order they were asked."""
    names = {score.system: score.name for score in result.scores}
    flags = sorted({flag for one in result.prompts for given in one.answers for flag in given.judgement.flags})
    prompts = "".join(_prompt(prompt, names) for prompt in result.prompts)
    return f'{_controls(names, flags)}<div id="prompts" data-first="{OURS}">{prompts}</div>'


def shown(text: str) -> str:
    """Any text, harmless in a page: as people see it, escaped."""
    return escape(display(text).encode(errors="replace").decode())


def _controls(names: dict[str, str], flags: list[str]) -> str:
    systems = _options([("", "every system"), *names.items()])
    flagged = _options([("", "all replies"), ("any", "any flag"), *((flag, flag) for flag in flags)])
    order = _options([("worst", "worst first"), ("best", "best first"), ("asked", "as asked")])
    return (
        '<form id="controls" class="controls" role="search" hidden>'
        '<label class="search">Text<input id="text" type="search" autocomplete="off" spellcheck="false"></label>'
        f'<label>System<select id="system">{systems}</select></label>'
        f'<label>Flag<select id="flag">{flagged}</select></label>'
        f'<label>Order<select id="order">{order}</select></label></form>'
        f'<p id="count" class="quiet" role="status"></p>'
    )


def _options(choices: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<option value="{escape(value)}">{shown(words)}</option>' for value, words in choices)


def _prompt(prompt: PromptResult, names: dict[str, str]) -> str:
    when = f"{prompt.now:%A, %H:%M}" if prompt.now else ""
    mine = next((given for given in prompt.answers if given.system == OURS), None)
    shown_here = [given for given in prompt.answers if given.system != REAL]
    answers = "".join(_answer(given, names.get(given.system, given.system)) for given in shown_here)
    return (
        f'<article class="prompt" data-merit="{merit(mine) if mine else 0:.3f}"><div class="asked">{_before(prompt)}'
        f'<p class="who">They said{f", {when}" if when else ""}</p>'
        f'<p class="text message" dir="auto">{shown(prompt.message)}</p>'
        f'<p class="who">The client really said</p><p class="text real-reply" dir="auto">{shown(prompt.real)}</p>'
        f'</div><div class="answers">{answers}</div></article>'
    )


def _before(prompt: PromptResult) -> str:
    if not prompt.before:
        return ""
    turns = "".join(
        f'<p class="who">{"The client" if own else "They"}</p><p class="text" dir="auto">{shown(text)}</p>'
        for own, text in prompt.before
    )
    count = len(prompt.before)
    return f'<details class="before"><summary>{count} turn{"s" if count > 1 else ""} before</summary>{turns}</details>'


def _answer(given: JudgedAnswer, name: str) -> str:
    judgement, answer = given.judgement, given.answer
    side = " ours" if given.system == OURS else ""
    chips = "".join(f'<span class="flag">{shown(flag)}</span>' for flag in judgement.flags)
    spent = f" · {answer.seconds:.1f} s" if answer.lm_calls else ""
    body = shown(answer.reply) if answer.reply.strip() else '<span class="empty">nothing</span>'
    done = () if answer.action == "none" else (f"the filter had the draft {answer.action}",)
    notes = "; ".join((*judgement.notes, *done))
    return (
        f'<div class="answer{side}" data-system="{escape(given.system)}" data-merit="{merit(given):.3f}" '
        f'data-flags="{escape(" ".join(judgement.flags))}"><p class="head"><span class="name">{shown(name)}</span>'
        f'<span class="rank">voice {judgement.voice_rank:.2f} · fit {judgement.fit_rank:.2f} · '
        f"{judgement.words} word{'' if judgement.words == 1 else 's'}{spent}</span>{chips}</p>"
        f'<p class="text" dir="auto">{body}</p>{f"<p class=note>{shown(notes)}</p>" if notes else ""}</div>'
    )
