"""`persona eval --report`: one HTML page that needs nothing else: no request leaves it, and no text in it can run.

Its own style and script are inline and named by their hashes in its content security policy; whatever else got into the
page could neither load nor run. The file holds private replies: only its owner may read it.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from brain.errors import DataError
from evals.compare import OURS, REAL, sentence, word
from evals.report_plots import distributions
from evals.report_replies import replies, shown
from evals.report_tables import behaviour_table, number, score_table

if TYPE_CHECKING:
    from evals.results import EvalResult, SystemScore

_PAGE = Path(__file__).with_name("report_page")


def write_report(result: EvalResult, path: Path) -> None:
    """Writes the page, readable for its owner alone. Raises DataError when it cannot be written."""
    content = page(result).encode(errors="replace")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(descriptor, 0o600)  # a file that was there before keeps its mode otherwise
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as exc:
        raise DataError(f"{path}: cannot be written ({exc.strerror})", hint="Give another --report FILE.") from exc


def page(result: EvalResult) -> str:
    """The whole document."""
    css, js = ((_PAGE / f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return Template((_PAGE / "page.html").read_text(encoding="utf-8")).substitute(
        policy=(
            f"default-src 'none'; style-src '{_source(css)}'; script-src '{_source(js)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        css=css,
        js=js,
        title=shown(f"{result.voice}: voice report"),
        voice=shown(result.voice),
        facts=shown(_facts(result)),
        verdict=_verdict(result),
        method=shown(_method(result)),
        notes="".join(f'<p class="quiet">{shown(note)}</p>' for note in _notes(result)),
        scores=score_table(result),
        explanations=_explanations(result),
        plots=distributions(result),
        behaviour=behaviour_table(result),
        replies=replies(result),
        footer=shown(
            f"Made with persona eval, seed {result.seed}. It holds private replies: mind whom you send it to."
        ),
    )


def _source(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _facts(result: EvalResult) -> str:
    return f"{result.model} · {len(result.prompts)} prompts · {result.created:%d %B %Y}"


def _method(result: EvalResult) -> str:
    where = f"from {result.heldout}" if result.heldout else "from the other half of the file"
    return (
        f"The program learned from {result.practice} conversations and answered {len(result.prompts)} prompts {where}, "
        "which neither it nor the choice of its recipe had seen. Voice is how much its replies sound like the client "
        f"rather than the other party (1 is the client’s own {result.measured_on} other replies, 0 the other party), "
        "fit how well each answers its message (1 is the real reply, 0 a random one of theirs), and the headline is "
        "the harmonic mean of both, with a 95 % interval."
    )


def _notes(result: EvalResult) -> tuple[str, ...]:
    """What a reader should know of the scale."""
    return result.notes if result.refused else (*result.notes, f"Who 0 is: {result.spread}.")


def _verdict(result: EvalResult) -> str:
    mine = result.score(OURS)
    assert mine is not None, "our program is always run"
    if mine.headline is None or mine.low is None or mine.high is None:
        why = result.refused or "there are too few replies to judge them as a group"
        return f'<div class="verdict none"><p><strong>No headline:</strong> {shown(why)}.</p></div>'
    pair = f"voice {number(mine.voice)}, fit {number(mine.fit)}"
    return (
        f'<div class="verdict"><div class="number">{number(mine.headline)}</div>'
        f"<p>between {number(mine.low)} and {number(mine.high)}, where 1 is the client; {pair}</p>"
        f"<p>{_standing(result)}</p></div>"
    )


def _standing(result: EvalResult) -> str:
    if said := sentence(result, "against"):
        return f"<strong>{shown(said)}</strong>"
    groups: dict[str, list[str]] = {"better": [], "level": [], "worse": []}
    for score in result.scores:
        if score.ours_ahead_by and score.system != REAL:
            groups[word(score.ours_ahead_by)].append(shown(score.name))
    words = {"better": "Better than", "level": "No clear difference from", "worse": "Worse than"}
    return " ".join(
        f'<span class="{kind}">{words[kind]}</span> {", ".join(names)}.' for kind, names in groups.items() if names
    )


def _explanations(result: EvalResult) -> str:
    mine = result.score(OURS)
    assert mine is not None, "our program is always run"
    others = "".join(
        f"<h3>{shown(score.name)}</h3>{_listed(score)}" for score in result.scores if score.system not in (OURS, REAL)
    )
    return f"{_listed(mine)}<details><summary>The other systems</summary>{others}</details>"


def _listed(score: SystemScore) -> str:
    items = [*(f'<span class="flag">{shown(flag)}</span>' for flag in score.flags), *map(shown, score.explanations)]
    if not items:
        return '<p class="quiet">In nothing that these replies could show.</p>'
    return f'<ul class="plain said">{"".join(f"<li>{item}</li>" for item in items)}</ul>'
