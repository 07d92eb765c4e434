"""Measures speed and cost on this machine; prints a table and writes benchmark.json. Run it on an idle machine.

    uv run python scripts/benchmark.py [--quick] [--out FILE]

A row is a figure, its bar where it has one, and whether it holds. Ratios compare two ways in one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import pexpect

from brain.answering import Voice
from brain.artifact import load_artifact, save_artifact
from brain.config import load_settings
from brain.dataset import load_conversations, load_persona
from brain.demos import DemoBank, Row
from brain.lms.build import Model, build_model
from brain.lms.embedded import default_weights, embedded_model
from brain.lms.embedder import load_embedder
from brain.lms.quiet import silence_libraries
from brain.manifest import new_manifest
from brain.models import Message, Recipe
from brain.modules.chat import ChatProgram
from brain.modules.learned import learn
from brain.session import ChatSession
from brain.store.store import Store
from brain.terminal.paint import PROMPT
from brain.voices import build_rules, bundled_data, open_voice
from evals.prompt_cost import REPLY, InstantEngine, instant_lm, sent_in_a_turn
from evals.topics.ordinary import made_up
from evals.voice import fit_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG_REPLY = "fine here, the kettle is on. it rained all day! did you sleep? tea helps, so does the cat. kiln off."
TALK = bundled_data() / "conversations.json"


class Line(NamedTuple):
    """One figure; `bar` is the most, or the `least`, that it may be."""

    what: str
    figure: float
    unit: str = ""
    bar: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool | None:
        if self.bar is None:
            return None
        return self.figure >= self.bar if self.least else self.figure <= self.bar


def cpu_of(*arguments: str) -> float:
    """Median CPU milliseconds of a persona command."""
    spent = []
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([Path(sys.executable).with_name("persona"), *arguments], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return 1000 * statistics.median(spent)


def first_prompt(home: Path) -> float:
    """Median milliseconds from the command to a prompt on screen, in a pseudo-terminal."""
    waited = []
    for _ in range(5):
        started = time.perf_counter()
        terminal = pexpect.spawn(
            str(Path(sys.executable).with_name("persona")), ["chat"], env={**os.environ, "PERSONA_HOME": str(home)}
        )
        terminal.expect_exact(PROMPT.strip().encode())
        waited.append(time.perf_counter() - started)
        terminal.close(force=True)
    return 1000 * statistics.median(waited)


def messages(count: int) -> list[str]:
    """What people said in the bundled conversations, as often as is needed, each a little different."""
    said = [one.chat_history.last_from_other for one in load_conversations(TALK)]
    return [f"{said[number % len(said)]} {number}" for number in range(count)]


def sized_program(count: int) -> ChatProgram:
    program = ChatProgram(load_persona(bundled_data() / "persona.toml"), build_rules(load_settings()), small=True)
    rows = [Row(str(number), text, f"{REPLY} {number}") for number, text in enumerate(messages(count))]
    bank = DemoBank.build(rows, load_embedder())
    program.replier.use(bank, Recipe(), learn(bank, messages(min(count, 2_000))))
    return program


def artifact_load(program: ChatProgram, folder: Path) -> float:
    """Median milliseconds to load it from disk, checked and ready."""
    manifest = new_manifest(program, dataset_sha256="0")
    path = save_artifact(folder, f"sized{len(program.replier.bank)}", program, manifest, dataset=b"[]")
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        load_artifact(path, load_embedder())
        spent.append(time.perf_counter() - started)
    return 1000 * statistics.median(spent)


def own_work(program: ChatProgram, folder: Path, turns: int) -> list[float]:
    """Milliseconds of each turn without the model: store, situation, search, prompt, filter, store."""
    lm = instant_lm(InstantEngine(LONG_REPLY))
    store = Store(f"sqlite:///{folder / 'work.db'}")
    said = messages(turns + 5)
    spent = []

    async def talk() -> None:
        for start in range(0, len(said), 40):
            session = ChatSession(store, Voice("v", program), Model("instant", lm, small=True))
            for text in said[start : start + 40]:
                started = time.perf_counter()
                await session.say(text)
                spent.append(1000 * (time.perf_counter() - started))

    asyncio.run(talk())
    store.close()
    return spent[5:]


def voice_measure() -> tuple[float, float]:
    """Seconds to fit the measure of voice on 800 replies, and to score 1,000."""
    own = [f"{one.output} {number}" for number, one in zip(range(800), cycle(load_conversations(TALK)), strict=False)]
    started = time.perf_counter()
    measure = fit_voice(own, messages(2_000))
    fitted = time.perf_counter()
    measure.score([*own, *own[:200]])
    return fitted - started, time.perf_counter() - fitted


def policy_checks(quick: bool) -> Iterator[Line]:
    """What the rules cost a message, without a model: by itself, and after six others."""
    rules = build_rules(load_settings())
    said = made_up().messages[:: 6 if quick else 2]
    turns = [Message(from_creator=place % 2 == 1, content=text) for place, text in enumerate(said)]
    alone = [_milliseconds(rules.check, text) for text in said[6:]]
    after = [_milliseconds(rules.check, text, turns[place : place + 6]) for place, text in enumerate(said[6:])]
    yield Line("policy: a message alone, p50", statistics.median(alone), "ms")
    yield Line("policy: a message alone, p95", p95(alone), "ms", 2)
    yield Line("policy: a message after six others, p50", statistics.median(after), "ms")
    yield Line("policy: a message after six others, p95", p95(after), "ms", 2)
    yield Line("policy: p95 after six others ÷ alone", p95(after) / p95(alone))
    yield Line("policy: messages a minute on one core", 60_000 / statistics.mean(alone), "", 10_000, least=True)


def _milliseconds(work: Callable[..., object], *given: object) -> float:
    started = time.perf_counter()
    work(*given)
    return 1000 * (time.perf_counter() - started)


def token_counter() -> Callable[[list[dict[str, str]]], int]:
    """Tokens of a prompt as the embedded model counts them, template included."""
    url, key = embedded_model(default_weights(), num_ctx=4096).http()

    def post(path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        asked = urllib.request.Request(f"{url}{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked) as answer:
            return json.load(answer)

    def count(turns: list[dict[str, str]]) -> int:
        prompt = post("/apply-template", {"messages": turns})["prompt"]
        return len(post("/tokenize", {"content": prompt})["tokens"])

    return count


def long_talk(home: Path, turns: int) -> tuple[list[float], float]:
    """Seconds of each turn with the embedded model, and the share of the prompt that came from its cache."""
    settings = load_settings({"home": home})
    model = build_model(settings)
    voice = open_voice(settings, model)
    start = datetime.now().astimezone()
    clock = iter(start + timedelta(minutes=number) for number in range(10_000))
    store = Store(f"sqlite:///{home / 'talk.db'}")
    session = ChatSession(store, voice, model, clock=lambda: next(clock))
    seconds, prompt, cached = [], 0, 0

    async def talk() -> None:
        nonlocal prompt, cached
        for text in messages(turns):
            turn = await session.say(text.rsplit(" ", 1)[0])
            seconds.append(turn.usage.seconds)
            prompt += turn.usage.prompt_tokens
            cached += turn.usage.cached_tokens

    asyncio.run(talk())
    store.close()
    return seconds, cached / prompt


def p95(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=20, method="inclusive")[18]


def measure(quick: bool) -> Iterator[Line]:
    large = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        yield Line("CPU of persona --help", cpu_of("--help"), "ms", 100)
        yield Line("CPU of persona --version", cpu_of("--version"), "ms", 100)
        yield Line("first prompt on screen", first_prompt(folder / "home"), "ms", 150)
        for count, load_bar, work_bar in ((1_000, 20, 5), (large, 1_000, 25)):
            program = sized_program(count)
            yield Line(f"artifact load, {count:,} rows", artifact_load(program, folder), "ms", load_bar)
            spent = own_work(program, folder, 200)
            yield Line(f"our own work in a turn, {count:,} rows, p50", statistics.median(spent), "ms")
            yield Line(f"our own work in a turn, {count:,} rows, p95", p95(spent), "ms", work_bar)
        yield from policy_checks(quick)
        fit, scoring = voice_measure()
        yield Line("voice measure: fit on 800 replies", fit, "s", 20)
        yield Line("voice measure: score of 1,000 replies", scoring, "s", 5)
        count_tokens = token_counter()
        program = sized_program(1_000)
        for turns in (1, 20):
            sent = sent_in_a_turn(program, messages(turns), load_embedder())
            tokens = [sum(map(count_tokens, one.prompts)) for one in sent]
            for one, count in zip(sent, tokens, strict=True):
                yield Line(f"turn {turns}: LM calls, {one.recipe}", len(one.prompts), "", 1 if one is sent[0] else None)
                yield Line(f"turn {turns}: prompt tokens, {one.recipe}", count)
            ratio = tokens[0] / tokens[1]
            yield Line(f"turn {turns}: prompt tokens, ours ÷ ChatAdapter", ratio, "", 0.5)
        turns = 10 if quick else 40
        seconds, cached = long_talk(folder / "home", turns)
        yield Line(f"embedded model, {turns} turns: p50 of a turn", statistics.median(seconds), "s")
        yield Line(f"embedded model, {turns} turns: p95 of a turn", p95(seconds), "s", 2)
        yield Line(f"embedded model, {turns} turns: prompt from the cache", cached, "", 0.7, least=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows and a quarter of the turns")
    parser.add_argument("--out", type=Path, default=Path("benchmark.json"))
    arguments = parser.parse_args()
    silence_libraries()
    lines = []
    for line in measure(arguments.quick):
        lines.append(line)
        mark = {True: "✓", False: "✗", None: " "}[line.holds]
        bar = "" if line.bar is None else f"  (bar {'≥' if line.least else '≤'} {line.bar:g})"
        print(f"{mark} {line.what:<58} {line.figure:10.2f} {line.unit:<3}{bar}", flush=True)
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    rows = [{**line._asdict(), "holds": line.holds} for line in lines]
    arguments.out.write_text(json.dumps({"machine": machine, "lines": rows}, indent=1))


if __name__ == "__main__":
    main()
