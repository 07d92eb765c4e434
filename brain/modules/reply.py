"""Writes the draft: nearest demos, recent history, the form of a real reply, and of several drafts the best by ear."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import dspy

from brain.accent import token_bias
from brain.copies import copied
from brain.demos import DemoBank, KNNPredict
from brain.errors import ArtifactError
from brain.models import Conversation, Recipe
from brain.modules.begun import joined
from brain.modules.candidates import Candidates, best_first
from brain.modules.learned import Learned
from brain.modules.rhythm import NEAR, Form, asks, drawn, shapings, shortened
from brain.modules.steps import Steps, arun, call, run
from brain.modules.window import A_TURN, SIZE, Bounds, TokenCounter, Window, fitted, rough_tokens
from brain.safety.pressure import WARM, Coolness
from brain.signatures.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Collection

    from brain.models import Persona

_TOKENS_A_WORD = 1.5
_FEWEST_FORMS = 10  # with fewer replies than this a form would be an accident
# Room for more sentences than are said, so that there are some to choose from. Headline on the bundled voice, 80
# held-out messages: 0.80 so, 0.74 with 2.0 times and 45 words.
_ROOM = 3.0  # times the wanted length
_LEAST_ROOM = 80  # words
_LEAST_TOKENS = 300  # of a larger model: some think before they write
_FULL = 0.9
_FEWEST_WORDS = 4  # of the coolest reply
_WISHES = 48  # tokens of what is wished of every reply
_LINE, _LINE_SHARE = 100, 16  # tokens kept free for the line of what was left out, at most this part of the size
_MARK = "The private mark {} is never written in a message."
IN_OTHER_WORDS = "Say it in words you have not used before."


class Replier(dspy.Module):
    """A draft in the client's voice; one LM call, or as many as the recipe has candidates.

    A draft that repeats eight words in a row from a labelled reply is drawn anew once, which costs as much again.
    `window` bounds the messages that are sent of the conversation; `size` and `count` are the tokens that the model
    holds and how it counts them.
    """

    def __init__(self, persona: Persona, *, recipe: Recipe | None = None, window: int = 60) -> None:
        super().__init__()
        self.reply = KNNPredict(Reply)
        self.persona = persona
        self.brief = False
        self.accented = False
        self.canary = ""
        self.recipe = recipe or Recipe()
        self.learned = Learned()
        self.window = window
        self.size = SIZE
        self.count: TokenCounter = rough_tokens

    def use(self, bank: DemoBank, recipe: Recipe | None = None, learned: Learned | None = None) -> None:
        """Answers from now on with this bank, by this recipe, and with what was learned beside it."""
        self.recipe = recipe or self.recipe
        self.learned = learned or self.learned
        self.reply.bank, self.reply.k, self.reply.strategy = bank, self.recipe.k, self.recipe.strategy

    @property
    def bank(self) -> DemoBank:
        """The bank it answers with. Raises ArtifactError before there is one."""
        if self.reply.bank is None:
            raise ArtifactError("this program was never compiled", hint="persona compile FILE --name NAME")
        return self.reply.bank

    @property
    def wording(self) -> tuple[str, ...]:
        """What was learned of its prompt and no reply tells: instructions, style card, messages of standing demos."""
        return (self.reply.signature.instructions, *self.learned.card, *map(_asked_in, self.reply.demos))

    def forward(self, conversation: Conversation, situation: str, **options: Any) -> dspy.Prediction:
        """A prediction with `reply`, `drafts` (best first, the reply among them) and `demos`.

        Options: `hint`, `exclude`, `config` (sampling for this call), `cool` (how short and even it is to be), `begun`
        (what of the reply stands already: the drafts begin with it and are not shaped), `window` (what is sent, as
        `fit` gave it).
        """
        return run(self._steps(conversation, situation, **options))

    async def aforward(self, conversation: Conversation, situation: str, **options: Any) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(conversation, situation, **options))

    def _steps(
        self,
        conversation: Conversation,
        situation: str,
        hint: str = "",
        exclude: Collection[str] = (),
        config: dict[str, Any] | None = None,
        cool: Coolness = WARM,
        begun: str = "",
        window: Window | None = None,
    ) -> Steps:
        sampling = config or {}
        form = None if begun else _cooled(self._form(conversation, exclude, Random(sampling.get("seed"))), cool)
        window = window or self.fit(conversation, situation, hint=hint, exclude=exclude, config=config, begun=begun)
        inputs = {**self.inputs(window.conversation, situation, window.line), "chosen": window.demos}
        longest = _share(self.learned.longest, cool)
        room = max(_LEAST_ROOM, round(form.words * _ROOM)) if form else longest
        tokens = round(room * _TOKENS_A_WORD) + 8
        sampling = {
            "max_tokens": tokens if self.brief else max(tokens, _LEAST_TOKENS),
            **self._unaccented(),
            **sampling,
        }
        # A small model would answer a wish instead of the message.
        wanted = () if self.brief else (cool.hint, _asked(form))
        wishes = " ".join(wish for wish in (hint, *wanted) if wish)
        candidates = Candidates(self.reply, self.recipe.candidates)
        said = yield call(candidates, **inputs, hint=wishes, begun=begun, config=sampling)
        if begun:
            return dspy.Prediction(**_going_on(begun, said, longest), demos=said.drafts[0].demos)
        drafts = self._shaped(said, form, room, longest)
        fresh = [draft for draft in drafts if not copied(draft, self.learned.shingles)]
        if not fresh:
            if sampling.get("seed") is not None:
                sampling["seed"] += self.recipe.candidates
            said = yield call(candidates, **inputs, hint=f"{wishes} {IN_OTHER_WORDS}".strip(), config=sampling)
            drafts = self._shaped(said, form, room, longest)
            fresh = [draft for draft in drafts if not copied(draft, self.learned.shingles)] or drafts
        ordered = best_first(fresh, conversation.last_from_other, self.reply.bank, self.learned)
        return dspy.Prediction(reply=ordered[0], drafts=tuple(ordered), demos=said.drafts[0].demos)

    def fit(
        self,
        conversation: Conversation,
        situation: str,
        *,
        hint: str = "",
        exclude: Collection[str] = (),
        config: dict[str, Any] | None = None,
        begun: str = "",
        **bounds: int,
    ) -> Window:
        """What of the conversation is sent, and which demos, so that persona, wishes and the reply have their room.

        The options are those of a call. `bounds` are `size`, where the model is known to hold less than was thought,
        and `cut`, how many messages the last prompt left out.
        """
        size = bounds.get("size", self.size)
        standing = [turn for demo in self.reply.demos for turn in (_asked_in(demo), demo["reply"])]
        texts = [self.reply.signature.instructions, *self._head(), situation, hint, begun, *standing]
        fixed = sum(self.count(text) for text in texts if text) + A_TURN * (2 + len(standing))
        spare = self._reply_tokens(config) + _WISHES + min(_LINE, size // _LINE_SHARE)
        room = Bounds(size - fixed - spare, self.window, bounds.get("cut", 0))
        demos = self.reply.demos_for(conversation, exclude=exclude)
        window = fitted(conversation.messages, demos, room, self.count)
        return window._replace(tokens=window.tokens + fixed, size=size)

    def _reply_tokens(self, config: dict[str, Any] | None) -> int:
        """Room for the longest reply that is asked for, so that no cut depends on the length of the next one."""
        most = round(max(_LEAST_ROOM, self.learned.longest * _ROOM) * _TOKENS_A_WORD)
        asked = (config or {}).get("max_tokens")
        return asked or (most if self.brief else max(most, _LEAST_TOKENS))

    def inputs(self, conversation: Conversation, situation: str, earlier: str = "") -> dict[str, Any]:
        """What the reply's predictor is given, a wish aside; `earlier` is the line of what is not sent.

        The canary stands in it only where the persona is told in full: its letters would disturb a small model.
        """
        persona, style = self._head()
        return {
            "persona": persona,
            "style": style,
            "earlier": f"Earlier in this chat: {earlier}" if earlier else "",
            "situation": situation,
            "conversation": conversation,
        }

    def _head(self) -> tuple[str, str]:
        """Persona and style card, as they are told."""
        mark = f" {_MARK.format(self.canary)}" if self.canary and not self.brief else ""
        return f"{described(self.persona, brief=self.brief)}{mark}", self._style()

    def _form(self, conversation: Conversation, exclude: Collection[str], dice: Random) -> Form | None:
        bank = self.reply.bank
        if not self.recipe.rhythm or bank is None or len(bank) < _FEWEST_FORMS:
            return None
        near = bank.nearest(conversation.last_from_other, NEAR, exclude=exclude)
        return drawn([demo.reply for demo in near], dice)

    def _shaped(self, said: dspy.Prediction, form: Form | None, room: int, longest: int) -> list[str]:
        """Every draft in the wanted form, and where it could be shaped in several ways, all of them.

        A draft that fills its room, in words, was cut off at its end.
        """
        if form is None:
            return [shortened(draft.reply, longest) for draft in said.drafts]
        shaped = [
            text
            for draft in said.drafts
            for text in shapings(draft.reply, form, cut=len(draft.reply.split()) >= room * _FULL)
        ]
        return [text for text in shaped if asks(text) == form.asks] or shaped

    def _unaccented(self) -> dict[str, Any]:
        """The sampling that talks the model out of its accent, where it is the model that was listened to."""
        return {"logit_bias": token_bias(self.learned.accent)} if self.accented and self.learned.accent else {}

    def _style(self) -> str:
        """The style card; a small model makes nothing of it (measured: no gain, and a slower first word)."""
        card = self.learned.card if self.recipe.card and not self.brief else ()
        return f"How you write: {'; '.join(card)}." if card else ""


def _asked_in(demo: Any) -> str:
    """The message that a standing demo answers."""
    return Conversation.model_validate(demo["conversation"]).last_from_other


def _going_on(begun: str, said: dspy.Prediction, longest: int) -> dict[str, Any]:
    """Each draft behind what stands already; of what stands nothing is cut."""
    room = len(begun.split()) + longest
    drafts = tuple(shortened(joined(begun, draft.reply), room) for draft in said.drafts)
    return {"reply": drafts[0], "drafts": drafts}


def _asked(form: Form | None) -> str:
    """The wanted length and ending."""
    return f"About {form.words} words{', ending with a question' if form.asks else ''}." if form else ""


def _cooled(form: Form | None, cool: Coolness) -> Form | None:
    """The form in a cooler moment: shorter, on one line, without a question or a picture."""
    if form is None or cool == WARM:
        return form
    return form._replace(words=_share(form.words, cool), lines=1, asks=False, emoji=())


def _share(words: int, cool: Coolness) -> int:
    return words if cool == WARM else max(_FEWEST_WORDS, round(words * cool.room))


def described(persona: Persona, *, brief: bool = False) -> str:
    """The persona as the prompt tells it; in brief without facts and limits. Forbidden names have no place in it."""
    known = () if brief else (*persona.facts, *persona.limits)
    parts = [f"You are {persona.name}.", persona.about, *known]
    if persona.style:
        parts.append(f"How you write: {'; '.join(persona.style)}.")
    return " ".join(part.strip() for part in parts if part.strip())
