"""Another model or another voice, in the middle of a chat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from brain.places import DEFAULT_VOICE, voice_names
from brain.terminal.opening import other_model, other_voice

if TYPE_CHECKING:
    from brain.terminal.loop import ChatLoop


async def change_model(chat: ChatLoop, spec: str) -> None:
    """Answers with another model from now on, the conversation unchanged; without a name, says which could."""
    opening = await chat.opened()
    if spec:
        from brain.judges import able_judge

        spec, _, base = (part.strip() for part in spec.partition(" --api-base "))
        model = await asyncio.to_thread(other_model, opening, spec, base or None)
        opening.session.use_model(model, judge=await asyncio.to_thread(able_judge, opening.settings, model))
        chat.judge.restart()
        await chat.take_status()
        chat.screen.note(f"{spec} answers from now on.")
        return
    from brain.lms.build import FORMS, better_choices

    better = await asyncio.to_thread(better_choices)
    chat.screen.note(f"{opening.session.model.spec} answers. Within reach: {', '.join(better) or 'no other'}.")
    chat.screen.note(f"/model {FORMS}")


async def change_voice(chat: ChatLoop, name: str) -> None:
    """Talks to another voice from now on, in a new conversation; without a name, says which there are."""
    opening = await chat.opened()
    if not name:
        names = sorted({DEFAULT_VOICE, *voice_names(opening.settings.home)})
        chat.screen.note(f"You talk to {opening.session.voice.label}. There are: {', '.join(names)}.")
        return
    if name == opening.session.voice.label:
        chat.screen.note(f"You talk to {name} already.")
        return
    voice = await asyncio.to_thread(other_voice, opening, name, chat.screen.note)
    opening.session.voice, opening.session.conversation = voice, None
    await chat.stands_elsewhere()
    kept = "" if opening.off_record else " The talk before is kept: /open."
    chat.screen.note(f"{voice.label} answers from now on.{kept}")
