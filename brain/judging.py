"""A judge for texts outside a chat: what `persona policy check` and `persona eval topics` ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.answering import asking
from brain.judges import judge_model, probe_judge, recall
from brain.modules.topic_filter import TopicFilter
from brain.voices import build_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.config import Settings
    from brain.lms.build import Model
    from brain.models import Message, Verdict
    from brain.policy.rules import Rules


class TextJudge:
    """Judges texts, one LM call for each that the rules are unsure of; the rules' own verdicts pass through."""

    def __init__(self, model: Model, rules: Rules, *, seconds: float) -> None:
        """`seconds` are those a verdict may take."""
        self.model = model
        self.filter = TopicFilter(rules)
        self.filter.use_judge(model.insistent().lm, seconds=seconds)

    def __call__(self, text: str, context: Sequence[Message], verdict: Verdict) -> Verdict:
        """The last word on a reply: the judge's where it is asked, else `verdict`, which is the rules'.

        When the judge fails it blocks where a rule had fired on the text; it never raises for that.
        """
        with asking(self.model):
            return self.filter(draft=text, turns=context, verdict=verdict).verdict


def open_judge(settings: Settings, *, say: Callable[[str], object]) -> TextJudge | None:
    """The judge of the settings; None, and `say` hears why, when there is no able model.

    A model that was never probed is probed now, but not the embedded one, which is too small. Raises PersonaError when
    the model cannot be reached.
    """
    if settings.judge == "off":
        say("judging is off; the rules decide alone")
        return None
    model = judge_model(settings)
    known = recall(settings, model)
    if known is None and not model.small:
        known = probe_judge(settings, model, tick=lambda case: say(f"trying {model.spec} as a judge: case {case}"))
    if known is None or not known.able:
        why = f"it judged {known.right} of {known.asked} clear cases rightly" if known else "it is too small"
        say(f"{model.spec} is no able judge ({why}); the rules decide alone")
        return None
    return TextJudge(model, build_rules(settings), seconds=settings.judge_timeout)
