"""What an optimizer may change of a program, and the program changed so."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from brain.models import Conversation, Layout, Message, Recipe, Strategy, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brain.demos import Row
    from brain.modules.chat import ChatProgram


class Variant(Value):
    """A recipe; an instruction for the reply when it is not the signature's own; ids of demos that always stand."""

    recipe: Recipe = Recipe()
    instruction: str | None = None
    demos: tuple[str, ...] = ()

    @property
    def cost(self) -> tuple[int, ...]:
        """What puts variants in order, the cheaper and simpler first: drafts, demos, and how far from the default."""
        recipe = self.recipe
        return (
            recipe.candidates,
            recipe.k + len(self.demos),
            get_args(Strategy).index(recipe.strategy),
            get_args(Layout).index(recipe.layout),
            int(recipe.card),
            int(not recipe.rhythm),
            len(self.instruction or ""),
        )

    def changed(self, since: Variant) -> str:
        """In words what differs from another variant, for a line of progress."""
        names = [name for name in Recipe.model_fields if getattr(self.recipe, name) != getattr(since.recipe, name)]
        parts = [f"{name} {getattr(self.recipe, name)}" for name in names]
        if self.demos != since.demos:
            parts.append(f"demos {', '.join(self.demos)}" if self.demos else "no standing demos")
        if self.instruction != since.instruction:
            parts.append(f"instruction {self.instruction!r}" if self.instruction else "the first instruction")
        return ", ".join(parts) or "as before"


def applied(program: ChatProgram, variant: Variant, rows: Mapping[str, Row]) -> ChatProgram:
    """A copy of a compiled program, changed; `rows` holds the rows of its bank by id."""
    changed = program.deepcopy()
    replier = changed.replier
    bank = replier.bank
    replier.use(bank, variant.recipe.model_copy(update={"k": min(variant.recipe.k, len(bank))}))
    if variant.instruction is not None:
        replier.reply.signature = replier.reply.signature.with_instructions(variant.instruction)
    replier.reply.demos = [_demo(rows[id]) for id in variant.demos]
    return changed


def _demo(row: Row) -> dict[str, object]:
    """A real exchange in the shape of a demo; it is saved with DSPy's own state of the program."""
    asked = Message(from_creator=False, content=row.message)
    return {"conversation": Conversation(messages=(asked,)), "reply": row.reply}
