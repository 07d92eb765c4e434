"""`persona compile --with`: says what it will cost, runs an optimizer, and keeps the best whatever stops it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import ConfigError
from brain.lms.build import build_model
from brain.manifest import sha256
from brain.watcher import Unwatched
from optimizers.bootstrap import bootstrap, bootstrap_calls
from optimizers.budget import Cost, Meter, Stopped
from optimizers.instructions import check_installed, gepa, instruction_calls, mipro
from optimizers.material import Found, check_enough
from optimizers.practice import Practice
from optimizers.run_log import open_run
from optimizers.search import search, search_calls
from optimizers.variant import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from brain.config import Settings
    from brain.lms.build import Model
    from brain.watcher import Watcher
    from optimizers.material import Material

METHODS = ("search", "bootstrap", "mipro", "gepa")
_PROPOSING = {"mipro", "gepa"}
_WARM = 3


class Options(NamedTuple):
    """How it is optimized.

    `bar` is how many seconds 19 turns in 20 may take, `budget` how many LM calls may be made, `reflection` the model
    that proposes instructions when it is not the one that answers.
    """

    method: str
    prompts: int = 40
    seed: int = 0
    bar: float = 2.0
    budget: int | None = None
    reflection: str | None = None


class Optimization:
    """One run of an optimizer; called with the material by `compile_voice`."""

    def __init__(
        self,
        settings: Settings,
        options: Options,
        *,
        agree: Callable[[], object] | None,
        build: Callable[[Settings], Model] = build_model,
        watcher: Watcher | None = None,
    ) -> None:
        """`agree` is called when all is said of the cost, and raises to decline; None where nobody can be asked.

        `watcher` hears what is found, and of each LM call.
        """
        self.settings, self.options, self.agree, self.build = settings, options, agree, build
        self.watcher = watcher or Unwatched()
        self.found: Found | None = None
        self.changed = ""

    def __call__(self, material: Material) -> Found:
        """Raises PersonaError before anything is spent, or what `agree` raises after a few turns were.

        A model that fails later, an empty budget and Ctrl-C are told in what is found.
        """
        check_enough(len(material.conversations))
        check_installed(self.options.method)
        self.found = self._run(material)
        return self.found

    def _run(self, material: Material) -> Found:
        began = time.monotonic()
        meter = Meter(self.options.budget, tick=self.watcher.tick)
        model = meter.metered(self.build(self.settings))
        reflection = self._reflection(model, meter)
        if self.agree is None and (model.key_name or reflection.key_name):
            raise ConfigError(f"{self.options.method} spends money on {model.spec}.", hint="Say so: --yes")
        practice = self._practice(material, model)
        start = Variant(recipe=material.program.replier.recipe)
        best, why, failure, interrupted = start, None, None, False
        try:
            self._asked(practice, start, reflection)
            for better in self._bests(practice, start, reflection):
                if better != best:
                    self.watcher.say(f"best so far: {better.changed(start)}")
                best = better
        except Stopped as exc:
            if exc.error is not None and not practice.tried and not practice.log.added:
                raise exc.error from exc
            why, failure = exc.why, exc.error
        except KeyboardInterrupt:
            why, interrupted = "Ctrl-C", True
        finally:
            self.watcher.stop()
        self.changed = best.changed(start)
        tried = [standing.told() for standing in practice.tried.values()]
        how = {
            "with": self.options.method,
            "model": model.spec,
            "reflection_model": reflection.spec if self.options.method in _PROPOSING else None,
            "taught": len(practice.rows),
            "prompts": len(practice.cases),
            "measured_on": practice.measured_on,
            "seed": self.options.seed,
            "seconds_bar": self.options.bar,
            "lm_calls": meter.calls,
            "minutes": round((time.monotonic() - began) / 60, 1),
            "in_doubt": practice.measures.refused,
            "stopped": why,
        }
        notes = {"optimizer": {name: value for name, value in how.items() if value is not None}, "tried": tried}
        return Found(best, _scores(practice, start, best), notes, why, failure, interrupted)

    def _reflection(self, model: Model, meter: Meter) -> Model:
        if self.options.reflection is None:
            return model
        return meter.metered(self.build(self.settings.model_copy(update={"model": self.options.reflection})))

    def _practice(self, material: Material, model: Model) -> Practice:
        program = material.program
        said = [draft.model_dump() for draft in material.drafts]
        rules = program.filter.rules.policy.model_dump()
        options = self.options.method, self.options.seed, self.options.reflection
        what = sha256(material.dataset), model.spec, options, program.dump_state(), program.persona.model_dump()
        log = open_run(self.settings, material.name, *what, said, rules)
        return Practice(material, model=model, log=log, prompts=self.options.prompts, seed=self.options.seed)

    def _asked(self, practice: Practice, start: Variant, reflection: Model) -> None:
        """Says what it will cost at most, and asks."""
        if practice.measures.refused:
            self.watcher.say(f"Only gross differences can show here: {practice.measures.refused}")
        if reflection.small and self.options.method in _PROPOSING:
            self.watcher.say(f"{reflection.spec} is too small to propose much of use: --reflection-model SPEC")
        if practice.model.key_name and self.agree is not None:
            self.watcher.say(f"{_WARM} turns first, to see what one costs…")
        warm = practice.answers(start, practice.everything[:_WARM])
        cost = Cost.of(self._calls(start, len(practice.cases)), warm, self.options.budget)
        names = sorted({practice.model.spec, reflection.spec})
        told = f"{self.options.method}: {cost.told(' and '.join(names))}; {len(practice.cases)} prompts"
        self.watcher.say(told)
        if self.agree is not None:
            self.agree()
        self.watcher.begin(cost.calls, "LM calls at most")

    def _calls(self, start: Variant, prompts: int) -> int:
        if self.options.method == "search":
            return search_calls(start, prompts)
        if self.options.method == "bootstrap":
            return bootstrap_calls(start, prompts)
        return instruction_calls(self.options.method, start, prompts)

    def _bests(self, practice: Practice, start: Variant, reflection: Model) -> Iterator[Variant]:
        bar = self.options.bar
        if self.options.method == "search":
            return search(practice, start, bar=bar)
        if self.options.method == "bootstrap":
            return bootstrap(practice, start, bar=bar)
        return (mipro if self.options.method == "mipro" else gepa)(practice, start, reflection, bar=bar)


def _scores(practice: Practice, start: Variant, best: Variant) -> dict[str, float]:
    """The winner's figures and the default's headline, on the practice half; a report is made on the other."""
    found = {}
    if (standing := practice.tried.get(best)) is not None:
        told = standing.told()
        found = {f"practice_{name}": told[name] for name in ("headline", "low", "high", "voice", "fit", "seconds")}
    if best != start and (first := practice.tried.get(start)) is not None:
        found["practice_headline_before"] = round(first.estimate.value, 3)
    return found
