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
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import dspy
import pexpect
from dspy import lm15

from brain.adapters import ChatTurnAdapter
from brain.artifact import load_artifact, new_manifest, save_artifact
from brain.config import load_settings
from brain.dataset import load_conversations, load_persona
from brain.demos import DemoBank, Row
from brain.lms.build import Model, build_model
from brain.lms.embedded import default_weights, embedded_model
from brain.lms.embedder import load_embedder
from brain.lms.quiet import silence_libraries
from brain.modules.chat import ChatProgram
from brain.modules.reply import described
from brain.session import ChatSession, Voice, local_now
from brain.store import Store
from brain.terminal.paint import PROMPT
from brain.voices import build_rules, bundled_data, open_voice
from optimizers.knn_few_shot import DEFAULT_K

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TALK = bundled_data() / "conversations.json"
SPARE = "fine here, the kettle is on"


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


class InstantEngine:
    """Answers at once, so that what is measured is everything but the model; keeps what it was asked."""

    supported_params = frozenset({"max_tokens", "temperature"})

    def __init__(self, reply: str) -> None:
        self.reply, self.asked = reply, list[list[dict[str, str]]]()

    def complete(self, request: lm15.Request) -> lm15.Response:
        turns = [{"role": message.role, "content": message.text or ""} for message in request.messages]
        self.asked.append([{"role": "system", "content": str(request.system or "")}, *turns])
        return lm15.Response(
            id=None,
            model=request.model,
            message=lm15.Message.assistant(self.reply),
            finish_reason="stop",
            usage=lm15.Usage(input_tokens=1, output_tokens=1),
        )


class AwaitedEngine:
    """InstantEngine, awaited."""

    supported_params = InstantEngine.supported_params

    def __init__(self, engine: InstantEngine) -> None:
        self._engine = engine

    async def complete(self, request: lm15.Request) -> lm15.Response:
        return self._engine.complete(request)


def instant(reply: str = SPARE) -> tuple[dspy.LM, InstantEngine]:
    engine = InstantEngine(reply)
    lm = dspy.LM("instant/x", engine=engine, async_engine=AwaitedEngine(engine), cache=False, num_retries=0)
    return lm, engine


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
    rows = [Row(str(number), text, f"{SPARE} {number}") for number, text in enumerate(messages(count))]
    program.replier.use(DemoBank.build(rows, load_embedder()), DEFAULT_K)
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
    lm, _ = instant()
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


class Asked(dspy.Signature):
    """Write the next chat message as this person, in their own words, length and spelling."""

    persona: str = dspy.InputField()
    situation: str = dspy.InputField()
    history: dspy.History = dspy.InputField()
    message: str = dspy.InputField()
    reply: str = dspy.OutputField()


def prompts(program: ChatProgram, turns: int) -> Iterator[tuple[str, list[list[dict[str, str]]]]]:
    """What is sent for the last of `turns` turns: by us, by labelled demos under ChatAdapter, by raw KNNFewShot."""
    from brain.models import Conversation, Message

    said = messages(turns)
    talk = [Message(from_creator=bool(n % 2), content=SPARE if n % 2 else said[n // 2]) for n in range(2 * turns - 1)]
    conversation = Conversation(messages=tuple(talk))
    lm, engine = instant()
    with dspy.context(lm=lm, adapter=ChatTurnAdapter()):
        prediction = program(conversation=conversation, now=local_now())
    yield "ours", engine.asked
    history = [{"message": said[n], "reply": SPARE} for n in range(turns - 1)]
    inputs = {
        "persona": described(program.persona, brief=True),
        "situation": prediction.situation,
        "history": dspy.History(messages=history),
        "message": said[turns - 1],
    }
    lm, engine = instant(f"[[ ## reply ## ]]\n{SPARE}\n\n[[ ## completed ## ]]")
    demos = [{"message": demo.message, "reply": demo.reply} for demo in prediction.demos]
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        dspy.Predict(Asked)(demos=demos, **inputs)
    yield "labelled demos, ChatAdapter", engine.asked
    lm, engine = instant(f"[[ ## reply ## ]]\n{SPARE}\n\n[[ ## completed ## ]]")
    constant = {name: value for name, value in inputs.items() if name != "message"}
    trainset = [
        dspy.Example(**constant, message=row.message, reply=row.reply).with_inputs(*inputs)
        for row in map(program.replier.bank.row, range(60))
    ]
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()), quiet():
        raw = dspy.KNNFewShot(k=DEFAULT_K, trainset=trainset, vectorizer=load_embedder())
        raw.compile(dspy.Predict(Asked))(**inputs)
    yield "raw dspy.KNNFewShot", engine.asked


class quiet:  # noqa: N801  used as a context
    """KNNFewShot prints to the terminal every turn."""

    def __enter__(self) -> None:
        self._kept = os.dup(1), os.dup(2)
        self._null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(self._null, 1)
        os.dup2(self._null, 2)

    def __exit__(self, *_: object) -> None:
        for target, kept in zip((1, 2), self._kept, strict=True):
            sys.stdout.flush()
            os.dup2(kept, target)
            os.close(kept)
        os.close(self._null)


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
        count_tokens = token_counter()
        program = sized_program(1_000)
        for turns in (1, 20):
            tokens = {}
            for name, asked in prompts(program, turns):
                tokens[name] = sum(map(count_tokens, asked))
                yield Line(f"turn {turns}: LM calls, {name}", len(asked), "", 1 if name == "ours" else None)
                yield Line(f"turn {turns}: prompt tokens, {name}", tokens[name])
            ratio = tokens["ours"] / tokens["labelled demos, ChatAdapter"]
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
