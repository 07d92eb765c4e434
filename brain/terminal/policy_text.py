"""What `persona policy` reads a line at a time, and the verdict on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, StrictStr

from brain.models import Message, Verdict
from brain.modules.guard import denial
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from brain.policy.rules import Rules
    from brain.safety.routes import Routes
    from brain.terminal.policy_judge import Judge

Speaker = Literal["reply", "fan"]
EXAMPLE = '{"id": 1, "text": "hey", "role": "reply", "context": [{"role": "user", "content": "hi"}]}'
TURN_EXAMPLE = '{"role": "user", "content": "hi"}'


class TurnLine(BaseModel):
    """One message of what was said before, in the words of chat APIs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["user", "assistant"]
    content: StrictStr


class CheckLine(BaseModel):
    """One text to check; `id` may be any value, and comes back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Any = None
    text: StrictStr
    role: Speaker | None = None
    context: tuple[TurnLine, ...] | None = None


class SanitiseLine(BaseModel):
    """One text to clean; `id` may be any value, and comes back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Any = None
    text: StrictStr


class Checked(NamedTuple):
    """A verdict, and the copy of the text that it was passed on, in which its offsets count."""

    text: str
    verdict: Verdict


def spoken(turns: Iterable[TurnLine]) -> tuple[Message, ...]:
    """The messages as a chat keeps them; those without text are left out."""
    shown = ((turn.role, display(turn.content).strip()) for turn in turns)
    return tuple(Message(from_creator=role == "assistant", content=text) for role, text in shown if text)


class Checker(NamedTuple):
    """The rules of a policy, what goes ahead of them, and the judge that is asked where they are unsure, if any."""

    rules: Rules
    routes: Routes
    judge: Judge | None = None

    def check(self, text: str, speaker: Speaker = "reply", context: Sequence[Message] = ()) -> Checked:
        """The graver verdict of two: on the text as written and as a reader sees it, for terminal escapes hide names.

        Only a reply is judged; what the other person says is always allowed.
        """
        found = Checked(text, self._ruled(text, speaker, context))
        if found.verdict.allowed and (shown := display(text)) != text:
            found = min(found, Checked(shown, self._ruled(shown, speaker, context)), key=_goodness)
        if self.judge is not None and speaker == "reply":
            found = Checked(found.text, self.judge(found.text, context, found.verdict))
        return found

    def _ruled(self, text: str, speaker: Speaker, context: Sequence[Message]) -> Verdict:
        if speaker == "reply":
            verdict = self.rules.check(text, context)
            return denial(text, context, self.routes) or verdict if verdict.allowed else verdict
        if route := self.routes.read(text, context):
            evidence = text[route.start : route.end]
            return Verdict(
                allowed=True,
                category=route.kind,
                layer="safety",
                rule=route.kind,
                evidence=evidence,
                start=route.start,
                end=route.end,
            )
        return self.rules.check_fan(text)


def _goodness(checked: Checked) -> tuple[bool, bool]:
    return checked.verdict.allowed, not checked.verdict.unsure


def as_document(verdict: Verdict) -> dict[str, Any]:
    """The verdict as `--json` and `--jsonl` give it."""
    return {
        "allowed": verdict.allowed,
        "unsure": verdict.unsure,
        "category": verdict.category,
        "layer": verdict.layer,
        "rule": verdict.rule,
        "evidence": verdict.evidence,
        "confidence": verdict.confidence,
    }
