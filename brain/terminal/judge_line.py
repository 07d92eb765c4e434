"""What `persona doctor` says of the judge: which model, whether it can, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.errors import PersonaError
from brain.watcher import Unwatched

if TYPE_CHECKING:
    from brain.config import Settings
    from brain.judges import Probed
    from brain.lms.build import Model
    from brain.watcher import Watcher

_ALONE = "the rules decide alone"
_ANOTHER = "Set judge_model to a larger model, then: persona doctor --probe"
_PROBE = "persona doctor --probe"


class JudgeLine(NamedTuple):
    """`good` is None where the rules decide alone, which is neither right nor wrong."""

    good: bool | None
    found: str
    fix: str = ""


def judge_line(settings: Settings, *, probe: bool, watcher: Watcher | None = None) -> JudgeLine:
    """The judge in words; with `probe` it is tried now, and `watcher` hears how far it is."""
    from brain.judges import judge_model, recall

    if settings.judge == "off":
        return JudgeLine(None, f"off; {_ALONE}", "Set judge to auto, if you want one.")
    try:
        judge = judge_model(settings)
        known = recall(settings, judge)
        if probe:
            known = _probed(settings, judge, watcher or Unwatched())
    except PersonaError as exc:
        wrong = settings.judge_model is not None
        return JudgeLine(False if wrong else None, f"none; {_ALONE} ({exc.message})", exc.hint)
    return _told(judge, known, _only_judged(settings))


def _probed(settings: Settings, judge: Model, watcher: Watcher) -> Probed:
    from brain.judges import probe_judge
    from brain.modules.probe import probe_set

    watcher.say(f"Trying {judge.spec} as a judge…")
    watcher.begin(len(probe_set().case), "cases")
    try:
        return probe_judge(settings, judge, tick=lambda case: watcher.tick(case - 1))
    finally:
        watcher.stop()


def _told(judge: Model, known: Probed | None, only_judged: str) -> JudgeLine:
    """`only_judged` names the operator's categories that need a judge."""
    unseen = f"; nobody sees {only_judged}" if only_judged else ""
    if known is None and judge.small:
        return JudgeLine(None, f"none able; {_ALONE} ({judge.spec} is too small; set judge_model){unseen}", _ANOTHER)
    if known is None:
        return JudgeLine(None, f"{judge.spec}: not tried yet; {_ALONE}{unseen}", _PROBE)
    score = f"{known.right} of {known.asked} clear cases right"
    if not known.able:
        return JudgeLine(None, f"none able; {_ALONE} ({judge.spec}: {score}){unseen}", _ANOTHER)
    cost = f"; one more call for every reply, because of {only_judged}" if only_judged else ""
    return JudgeLine(True, f"{judge.spec} judges doubtful replies ({score}){cost}")


def _only_judged(settings: Settings) -> str:
    """The categories that no rule can see; none when the policy cannot be read, which is told in its own line."""
    from brain.modules.judge import unruled
    from brain.voices import build_rules

    try:
        return ", ".join(unruled(build_rules(settings).policy))
    except PersonaError:
        return ""
