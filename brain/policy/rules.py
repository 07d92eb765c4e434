"""Whether a text keeps to the policy, by rules alone: names first, then hand-offs, contacts and meetings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from brain.models import Verdict
from brain.policy.agreement import Answer, Asked, Signs, Strength, answer_to_meeting, answer_to_move, open_request
from brain.policy.contacts import asked_contact, shared_address, shared_mail, shared_phone
from brain.policy.fold import Folded, fold
from brain.policy.handoffs import Handoffs
from brain.policy.honesty import Honesty
from brain.policy.meeting_points import AGAINST, PROPOSED, WHERE
from brain.policy.meetings import Meetings
from brain.policy.names import Names
from brain.policy.refusals import is_refused
from brain.policy.scenes import ACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from brain.models import Layer, Message
    from brain.policy.policy import Policy

CLEAN = Verdict(allowed=True)
SURE = 0.95  # from this confidence on a name in two messages is no chance
TAIL = 40  # characters on either side of the gap between two messages in which a name may be split
REMEMBERED = 512  # turns whose requests are kept at hand
# A doubt is a request if one of these is in it.
INVITES = frozenset({*PROPOSED, "joint", "ask", "meet", "visit", "arrive", "live"})
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
        # The same turns come back with every reply.
        remembered = lru_cache(REMEMBERED)
        self._meeting_signs = Signs(remembered(self._asks_to_meet), self._goes_on, self._drops)
        self._move_signs = Signs(remembered(self._asks_to_move), lambda _text: False, lambda _text: False)

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

        topics: list[tuple[str, Layer, str, Signs, Callable[[Asked], Answer]]] = [
            (IN_PERSON, "meetings", "meeting:agreed", self._meeting_signs, to_meeting),
            (SOCIAL, "names", "handoff:agreed", self._move_signs, to_move),
        ]
        for category, layer, rule, signs, answer in topics:
            request = open_request(context, signs) if self.policy.forbids(category) else None
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

    def _asks_to_meet(self, text: str) -> Strength | None:
        folded = fold(text).text
        score, bars = self._meetings.read(folded).score, self.policy.meetings
        if score >= bars.block_at:
            return Strength.PLAIN
        shown = self._meetings.shows(folded)
        if score >= bars.unsure_at and "others" not in shown and not shown.keys().isdisjoint(INVITES):
            return Strength.LIKELY
        if score >= bars.unsure_at:
            return Strength.SLIGHT
        if not shown.keys().isdisjoint(AGAINST):
            return None
        is_plan = not shown.keys().isdisjoint({*ACTS, *WHERE}) and not shown.keys().isdisjoint({*PROPOSED, "joint"})
        is_choice = "?" in text and not shown.keys().isdisjoint({"share", "place", "time", "room"})
        return Strength.SLIGHT if is_plan or is_choice or "ask" in shown else None

    def _asks_to_move(self, text: str) -> Strength | None:
        folded = fold(text)
        if self._names.find(text, folded):
            wish = self._handoffs.is_request(folded.text)
        elif (found := self._handoffs.find(folded.text)) and not self._names.allows(folded.text):
            wish = found.sure
        else:
            return None
        return None if wish is None else Strength.PLAIN if wish else Strength.LIKELY

    def _goes_on(self, text: str) -> bool:
        shown = self._meetings.shows(fold(text).text)
        return "time" in shown or "place" in shown

    def _drops(self, text: str) -> bool:
        shown = self._meetings.shows(fold(text).text)
        return "refusal" in shown or "virtual" in shown


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
