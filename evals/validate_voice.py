"""The test of the voice measure: `python -m evals.validate_voice FOLDER`, with NAME/train.json and NAME/heldout.json.

Prints how well it tells each speaker from others it has not heard, whether 1 means the client, how often the intervals
hold, how often it refuses, and what it says of replies made to fool it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from brain.errors import PersonaError
from evals.speakers import load_speakers
from evals.trials import ALL, FULL, GROUP_SIZES, QUICK, Trial, trials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from evals.speakers import Speaker
    from evals.trials import Effort

_RESAMPLES = 2_000
_NUMBERS = re.compile(r": | where | in (?=all |no |\d)")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document, every trial in it.")
@click.option("--quick", is_flag=True, help="Fewer draws: a minute, and rougher.")
@click.option("--seed", type=int, default=0, show_default=True)
def main(folder: Path, *, as_json: bool, quick: bool, seed: int) -> None:
    """Test the voice measure on the speakers of FOLDER."""
    try:
        speakers = load_speakers(folder)
    except PersonaError as exc:
        raise click.ClickException(f"{exc.message}\n{exc.hint}") from exc
    found = list(validate(speakers, QUICK if quick else FULL, seed=seed))
    click.echo(json.dumps(document(found), indent=1) if as_json else "\n".join(report(found)))


def validate(speakers: Sequence[Speaker], effort: Effort, *, seed: int) -> Iterator[Trial]:
    """Every trial of every speaker as the client, told on standard error as they end."""
    for number, client in enumerate(speakers, 1):
        others = [speaker for speaker in speakers if speaker is not client]
        for trial in trials(client, others, effort, seed=seed):
            click.echo(f"{number}/{len(speakers)} {client.name}, {_examples(trial.examples)} examples", err=True)
            yield trial


def document(found: Sequence[Trial]) -> dict[str, Any]:
    """The summary and every trial, ready for JSON."""
    return {"summary": _summary(found), "trials": [_plain(trial) for trial in found]}


def report(found: Sequence[Trial]) -> Iterator[str]:
    """The tables, a line at a time."""
    summary = _summary(found)
    yield "AUC against unheard speakers, mean over clients [95 % interval over clients]"
    yield _row("examples", ["1 reply", *(f"{size} replies" for size in GROUP_SIZES)], 22)
    for line in summary["auc"]:
        yield _row(line["examples"], [f"{m:.3f} [{low:.3f}, {high:.3f}]" for m, low, high in line["cells"]], 22)
    yield ""
    yield "Scale: 1 is the client, 0 the other party"
    heads = ("own", "others", "others > .5", "covered", "flagged", "separability", "refused")
    yield _row("examples/group", heads, 13)
    for line in summary["scale"]:
        yield _row(f"{line['examples']} / {line['size']}", [f"{value:.2f}" for value in line["cells"]], 13)
    yield ""
    yield "Sets made to fool it, 50 replies, all examples: mean [least, most] voice, share caught, what fires"
    for line in summary["gaming"]:
        fired = ", ".join(f"{name} {share:.0%}" for name, share in line["flags"].items()) or "-"
        low, high = line["range"]
        yield f"{line['set']:26} {line['voice']:5.2f} [{low:5.2f}, {high:5.2f}]  {line['caught']:4.0%}  {fired}"
        for why, share in line["explained"].items():
            yield f"{'':26} {share:4.0%} {why}"


def _summary(found: Sequence[Trial]) -> dict[str, Any]:
    numbers = dict.fromkeys(trial.examples for trial in found)
    by_examples = {examples: [trial for trial in found if trial.examples == examples] for examples in numbers}
    return {
        "auc": [
            {"examples": _examples(examples), "cells": [_over_clients(some, _auc_at(at)) for at in range(3)]}
            for examples, some in by_examples.items()
        ],
        "scale": [
            {"examples": _examples(examples), "size": size, "cells": _scale(some, at)}
            for examples, some in by_examples.items()
            for at, size in enumerate(GROUP_SIZES)
        ],
        "gaming": [_gamed(name, by_examples[ALL]) for name in by_examples[ALL][0].gaming],
    }


def _scale(some: Sequence[Trial], at: int) -> list[float]:
    columns: list[Callable[[Trial], float]] = [
        lambda trial: trial.sizes[at].own,
        lambda trial: trial.sizes[at].others,
        lambda trial: trial.sizes[at].others_high,
        lambda trial: trial.sizes[at].covered,
        lambda trial: trial.sizes[at].false_alarms,
        lambda trial: trial.separability,
        lambda trial: float(trial.refused),
    ]
    return [_over_clients(some, column)[0] for column in columns]


def _gamed(name: str, some: Sequence[Trial]) -> dict[str, Any]:
    sets = [trial.gaming[name] for trial in some]
    voices = [each.voice for each in sets]
    return {
        "set": name,
        "voice": float(np.mean(voices)),
        "range": (min(voices), max(voices)),
        "caught": float(np.mean([each.caught for each in sets])),
        "flags": _shares((each.flags for each in sets), len(sets)),
        "explained": dict(list(_shares(map(_heads, (each.explanations for each in sets)), len(sets)).items())[:2]),
    }


def _heads(explained: Sequence[str]) -> set[str]:
    """What is explained, without the numbers."""
    return {_NUMBERS.split(why, maxsplit=1)[0] for why in explained}


def _shares(names: Iterable[Iterable[str]], count: int) -> dict[str, float]:
    return {name: times / count for name, times in Counter(name for each in names for name in each).most_common()}


def _auc_at(at: int) -> Callable[[Trial], float]:
    return lambda trial: trial.sizes[at - 1].auc if at else trial.auc_single


def _over_clients(some: Sequence[Trial], value: Callable[[Trial], float]) -> tuple[float, float, float]:
    """The mean of the clients' means, and its 95 % bootstrap interval over clients."""
    clients = list(dict.fromkeys(trial.client for trial in some))
    means = np.array([np.mean([value(trial) for trial in some if trial.client == name]) for name in clients])
    takes = np.random.default_rng(0).integers(0, len(means), (_RESAMPLES, len(means)))
    low, high = np.quantile(means[takes].mean(axis=1), [0.025, 0.975])
    return float(means.mean()), float(low), float(high)


def _plain(trial: Trial) -> dict[str, Any]:
    return trial._asdict() | {
        "sizes": [size._asdict() for size in trial.sizes],
        "gaming": {name: gamed._asdict() for name, gamed in trial.gaming.items()},
    }


def _examples(count: int) -> str:
    return str(count) if count else "all"


def _row(head: str, cells: Iterable[str], width: int) -> str:
    return f"{head:16}" + "".join(f"{cell:>{width}}" for cell in cells)


if __name__ == "__main__":
    main()
