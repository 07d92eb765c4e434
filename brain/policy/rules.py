"""Whether a text keeps to the policy, by rules alone: names first, then hand-offs, contacts and meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.models import Verdict
from brain.policy.agreement import ANYTHING, Agreement, Asked, Signs, agrees_to_meet, agrees_to_move, open_request
from brain.policy.contacts import asked_contact, shared_mail, shared_phone
from brain.policy.fold import Folded, fold
from brain.policy.handoffs import Handoffs
from brain.policy.meetings import Meetings
from brain.policy.names import Names
from brain.policy.refusals import is_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from brain.models import Layer, Message
    from brain.policy.policy import Policy

CLEAN = Verdict(allowed=True)
TAIL = 40  # characters on either side of the gap between two messages in which a name may be split
SOCIAL, IN_PERSON, CONTACT = "social_platforms", "in_person", "contact_exchange"


class Rules:
    """A policy made ready to judge texts. It calls no model and keeps nothing between calls."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._names = Names(policy.lexicon, policy.forbidden_platforms)
        self._handoffs = Handoffs(policy.lexicon.handoffs)
        self._meetings = Meetings(policy.languages, block_at=policy.meetings.block_at)
        self._meeting_signs = Signs(self._asks_to_meet, self._goes_on, self._drops)
        self._move_signs = Signs(self._asks_to_move, lambda _text: False, lambda _text: False)

    def check(self, text: str, context: Sequence[Message] = ()) -> Verdict:
        """The verdict on a reply that the creator is about to send; `context` is what was said, oldest first."""
        folded = fold(text)
        found = [*self._named(text, folded), *self._handed_off(text, folded), *self._contact(text, folded)]
        found += self._meeting(text, folded)
        if context and not any(not verdict.allowed for verdict in found):
            found += self._agreed(text, folded, context)
            found += self._split_name(text, context)
        return _gravest(found)

    def check_fan(self, text: str) -> Verdict:
        """What the other person raised. It is always allowed; `unsure` and `category` say what to look out for."""
        folded = fold(text)
        found = [*self._named(text, folded), *self._handed_off(text, folded), *self._contact(text, folded)]
        found += self._meeting(text, folded)
        if self.policy.forbids(IN_PERSON) and not found and self._asks_to_meet(text) is not None:
            found.append(_verdict(text, folded, (0, len(folded.text)), IN_PERSON, "meetings", "meeting:ask", 0.4))
        worst = _gravest(found)
        return worst if worst == CLEAN else worst.model_copy(update={"allowed": True, "unsure": True})

    def _named(self, text: str, folded: Folded) -> Iterator[Verdict]:
        own = {category.id for category in self.policy.category}
        for mention in self._names.find(text, folded):
            if self.policy.refusals_may_name and self._is_refused(folded, mention.start, mention.end):
                continue
            kind = "category" if mention.category in own else "platform"
            yield Verdict(
                allowed=False,
                category=mention.category,
                layer="names",
                rule=f"{kind}:{mention.platform}",
                evidence=text[mention.start : mention.end],
                start=mention.start,
                end=mention.end,
                confidence=mention.confidence,
            )

    def _is_refused(self, folded: Folded, start: int, end: int) -> bool:
        places = [place for place, offset in enumerate(folded.offsets[:-1]) if start <= offset < end]
        return bool(places) and is_refused(folded.text, places[0], places[-1] + 1, self.policy.lexicon.cues)

    def _handed_off(self, text: str, folded: Folded) -> Iterator[Verdict]:
        if not self.policy.forbids(SOCIAL) or self._names.allows(folded.text):
            return
        if found := self._handoffs.find(folded.text):
            rule, confidence = ("handoff:elsewhere", 0.8) if found.sure else ("handoff:pointer", 0.5)
            yield _verdict(text, folded, found[1:], SOCIAL, "names", rule, confidence, blocked=found.sure)

    def _contact(self, text: str, folded: Folded) -> Iterator[Verdict]:
        """A number or address given is blocked where it is forbidden, and else still a step towards meeting."""
        if self.policy.forbids(CONTACT):
            if span := shared_phone(folded.text) or shared_mail(folded.text):
                yield _verdict(text, folded, span, CONTACT, "names", "contact:given", 0.95, blocked=True)
            elif span := asked_contact(folded.text):
                yield _verdict(text, folded, span, CONTACT, "names", "contact:asked", 0.5)
        elif self.policy.forbids(IN_PERSON) and (span := shared_phone(folded.text)):
            yield _verdict(text, folded, span, IN_PERSON, "meetings", "meeting:contact", 0.5)

    def _meeting(self, text: str, folded: Folded) -> Iterator[Verdict]:
        if not self.policy.forbids(IN_PERSON):
            return
        found = self._meetings.read(folded.text)
        bars = self.policy.meetings
        if found.score >= bars.unsure_at:
            confidence = min(0.95, 0.4 + 0.08 * found.score)
            blocked = found.score >= bars.block_at
            yield _verdict(
                text, folded, (found.start, found.end), IN_PERSON, "meetings", found.rule, confidence, blocked=blocked
            )

    def _agreed(self, text: str, folded: Folded, context: Sequence[Message]) -> Iterator[Verdict]:
        """A yes to what the other person asked for. Most replies agree to nothing, so the turns are read last."""

        def to_meet(request: Asked) -> Agreement | None:
            return agrees_to_meet(folded.text, self._meetings, request)

        def to_move(request: Asked) -> Agreement | None:
            return agrees_to_move(folded.text, self._handoffs, self._meetings, request)

        topics: list[tuple[str, Layer, str, Signs, Callable[[Asked], Agreement | None]]] = [
            (IN_PERSON, "meetings", "meeting:agreed", self._meeting_signs, to_meet),
            (SOCIAL, "names", "handoff:agreed", self._move_signs, to_move),
        ]
        for category, layer, rule, signs, agrees in topics:
            if not self.policy.forbids(category) or not agrees(ANYTHING):
                continue
            request = open_request(context, signs)
            if request and (found := agrees(request)):
                sure = 0.8 if found.plain else 0.4
                span = (found.start, found.end)
                yield _verdict(text, folded, span, category, layer, rule, sure, blocked=found.plain)

    def _split_name(self, text: str, context: Sequence[Message]) -> Iterator[Verdict]:
        """A name that began in the creator's last message and ends in this one."""
        said = [message.content for message in context[-3:] if message.from_creator]
        if not said or not said[-1].rstrip()[-1].isalnum():
            return
        head = said[-1].rstrip()[-TAIL:] + " "
        for mention in self._names.find(head + text[:TAIL]):
            end = mention.end - len(head)
            if mention.start < len(head) - 1 and end > 0:
                yield Verdict(
                    allowed=True,
                    unsure=True,
                    category=mention.category,
                    layer="names",
                    rule=f"platform:{mention.platform}",
                    evidence=text[:end],
                    end=end,
                    confidence=0.5,
                )

    def _asks_to_meet(self, text: str) -> bool | None:
        folded = fold(text).text
        score = self._meetings.read(folded).score
        if score >= self.policy.meetings.unsure_at:
            return score > self.policy.meetings.unsure_at
        if not self._meetings.finds("ask", folded) or any(
            self._meetings.finds(sign, folded) for sign in ("virtual", "unreal", "others", "work")
        ):
            return None
        return False

    def _asks_to_move(self, text: str) -> bool | None:
        folded = fold(text)
        if self._names.find(text, folded):
            return self._handoffs.is_request(folded.text)
        if (found := self._handoffs.find(folded.text)) and not self._names.allows(folded.text):
            return found.sure
        return None

    def _goes_on(self, text: str) -> bool:
        folded = fold(text).text
        return bool(self._meetings.finds("time", folded) or self._meetings.finds("place", folded))

    def _drops(self, text: str) -> bool:
        folded = fold(text).text
        return bool(self._meetings.finds("refusal", folded) or self._meetings.finds("virtual", folded))


def _verdict(
    text: str,
    folded: Folded,
    span: tuple[int, ...],
    category: str,
    layer: Layer,
    rule: str,
    confidence: float,
    *,
    blocked: bool = False,
) -> Verdict:
    start, end = folded.span(span[0], span[1])
    return Verdict(
        allowed=not blocked,
        unsure=not blocked,
        category=category,
        layer=layer,
        rule=rule,
        evidence=text[start:end],
        start=start,
        end=end,
        confidence=confidence,
    )


def _gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """A block goes before a doubt, and the surest of its kind goes first."""
    return min(verdicts, key=lambda verdict: (verdict.allowed, not verdict.unsure, -verdict.confidence), default=CLEAN)
