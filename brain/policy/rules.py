"""Whether a text keeps to the policy, by rules alone: names first, then hand-offs, contacts and meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.models import Verdict
from brain.policy.agreement import (
    Answer,
    Asked,
    Strength,
    answer_to_contact,
    answer_to_meeting,
    answer_to_move,
    open_request,
)
from brain.policy.contacts import asked_contact, shared_address, shared_mail, shared_phone
from brain.policy.fold import Folded, fold
from brain.policy.handoffs import Handoffs
from brain.policy.honesty import Honesty
from brain.policy.meetings import Meetings
from brain.policy.names import Names
from brain.policy.refusals import is_refused
from brain.policy.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from brain.models import Layer, Message
    from brain.policy.agreement import Signs
    from brain.policy.policy import Policy

CLEAN = Verdict(allowed=True)
SURE = 0.95  # from this confidence on a name in two messages is no chance
TAIL = 40  # characters on either side of the gap between two messages in which a name may be split
OPEN = 0.2  # the confidence that a request is met in words no rule knows
SOCIAL, IN_PERSON, CONTACT, DENIAL = "social_platforms", "in_person", "contact_exchange", "denial"


class Rules:
    """A policy made ready to judge texts. It calls no model, and a verdict depends on nothing but its arguments."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._names = Names(policy.lexicon, policy.forbidden_platforms)
        self._handoffs = Handoffs()
        self._honesty = Honesty()
        self._meetings = Meetings(policy.languages)
        self._requests = Requests(self._names, self._handoffs, self._meetings, policy.meetings)
        categories = sorted({platform.category for platform in policy.forbidden_platforms})
        self._moves = [(category, self._requests.move(category)) for category in categories]
        if policy.forbids(SOCIAL):
            self._moves.append((SOCIAL, self._requests.move(None)))

    def __deepcopy__(self, memo: dict[int, Any]) -> Rules:
        return self  # the tables are large and never change; dspy copies a program whole when it loads one

    def check(self, text: str, context: Sequence[Message] = ()) -> Verdict:
        """The verdict on a reply that the creator is about to send; `context` is what was said, oldest first."""
        folded = fold(text)
        found = [*self._named(text, folded), *self._handed_off(text, folded), *self._contact(text, folded)]
        found += [*self._meeting(text, folded), *self._denied(text, folded)]
        if context and not any(not verdict.allowed for verdict in found):
            found += self._answered(folded, text, context)
            found += self._split_name(text, context)
        return _gravest(found)

    def check_fan(self, text: str) -> Verdict:
        """What the other person raised. It is always allowed; `unsure` and `category` say what to look out for."""
        folded = fold(text)
        found = [*self._named(text, folded), *self._handed_off(text, folded), *self._contact(text, folded)]
        found += self._meeting(text, folded)
        if self.policy.forbids(IN_PERSON) and not found and self._requests.to_meet(text) is not None:
            found.append(_verdict(text, folded, (0, len(folded.text)), IN_PERSON, "meetings", "meeting:ask", 0.4))
        worst = _gravest(found)
        return worst if worst == CLEAN else worst.model_copy(update={"allowed": True, "unsure": True})

    def is_asked(self, text: str) -> bool:
        """Whether the other person asks for what is forbidden; to speak of it is not to ask."""
        meet = self._requests.to_meet(text) if self.policy.forbids(IN_PERSON) else None
        moves = (signs.asks(text) for _, signs in self._moves)
        return (meet is not None and meet > Strength.SLIGHT) or any(wish is not None for wish in moves)

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

    def _denied(self, text: str, folded: Folded) -> Iterator[Verdict]:
        """A claim that no AI writes: forbidden under every policy."""
        if span := self._honesty.find(folded.text):
            yield _verdict(text, folded, span, DENIAL, "safety", DENIAL, 0.95, blocked=True)

    def _contact(self, text: str, folded: Folded) -> Iterator[Verdict]:
        """A number or address is blocked where it is forbidden, and else still a step towards meeting."""
        phone = shared_phone(folded.text)
        if self.policy.forbids(CONTACT):
            if span := phone or shared_mail(folded.text):
                yield _verdict(text, folded, span, CONTACT, "names", "contact:given", 0.95, blocked=True)
            elif span := asked_contact(folded.text):
                yield _verdict(text, folded, span, CONTACT, "names", "contact:asked", 0.8, blocked=True)
        elif phone and self.policy.forbids(IN_PERSON):
            yield _verdict(text, folded, phone, IN_PERSON, "meetings", "meeting:contact", 0.5)

    def _meeting(self, text: str, folded: Folded) -> Iterator[Verdict]:
        if not self.policy.forbids(IN_PERSON):
            return
        found, bars = self._meetings.read(folded.text), self.policy.meetings
        if found.score >= bars.unsure_at:
            blocked = found.score >= bars.block_at
            sure = min(0.95, 0.4 + 0.08 * found.score)
            span = (found.start, found.end)
            yield _verdict(text, folded, span, IN_PERSON, "meetings", found.rule, sure, blocked=blocked)
        elif street := shared_address(folded.text):
            yield _verdict(text, folded, street, IN_PERSON, "meetings", "meeting:address", 0.5)

    def _answered(self, folded: Folded, text: str, context: Sequence[Message]) -> Iterator[Verdict]:
        """What the reply makes of the other person's request; an open one is worth a second look in any case."""

        def to_meeting(request: Asked) -> Answer:
            return answer_to_meeting(folded.text, self._meetings, request, unsure_at=self.policy.meetings.unsure_at)

        def to_move(request: Asked) -> Answer:
            return answer_to_move(folded.text, self._handoffs, self._meetings, request)

        def to_contact(_request: Asked) -> Answer:
            return answer_to_contact(folded.text, self._meetings)

        topics: list[tuple[str, Layer, str, Signs, Callable[[Asked], Answer]]] = []
        if self.policy.forbids(IN_PERSON):
            topics.append((IN_PERSON, "meetings", "meeting:agreed", self._requests.meeting, to_meeting))
        if self.policy.forbids(CONTACT):
            topics.append((CONTACT, "names", "contact:agreed", self._requests.contact, to_contact))
        topics += [(category, "names", "handoff:agreed", signs, to_move) for category, signs in self._moves]
        for category, layer, rule, signs, answer in topics:
            request = open_request(context, signs)
            if not request:
                continue
            says, *span = answer(request)
            if says == "leaves" and request.strength is Strength.SLIGHT:
                continue
            if says == "leaves":
                yield Verdict(allowed=True, unsure=True, category=category, rule=f"asked:{category}", confidence=OPEN)
            elif says != "refuses":
                blocked = says == "agrees"
                sure = 0.8 if blocked else 0.4
                yield _verdict(text, folded, tuple(span), category, layer, rule, sure, blocked=blocked)

    def _split_name(self, text: str, context: Sequence[Message]) -> Iterator[Verdict]:
        """A name that began in the creator's last message and ends in this one."""
        said = [message.content for message in context[-3:] if message.from_creator]
        if not said or not said[-1].rstrip()[-1].isalnum():
            return
        head = said[-1].rstrip()[-TAIL:] + " "
        for mention in self._names.find(head + text[:TAIL]):
            end = mention.end - len(head)
            if mention.start < len(head) - 1 and end > 0:
                sure = mention.confidence >= SURE
                yield Verdict(
                    allowed=not sure,
                    unsure=not sure,
                    category=mention.category,
                    layer="names",
                    rule=f"platform:{mention.platform}",
                    evidence=text[:end],
                    end=end,
                    confidence=0.8 if sure else 0.5,
                )


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
