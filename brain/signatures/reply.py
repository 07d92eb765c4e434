"""What the LM is asked for each turn."""

from __future__ import annotations

import dspy

from brain.models import Conversation


class Reply(dspy.Signature):
    """Write the next chat message as this person, in their own words, length and spelling."""

    persona: str = dspy.InputField()
    style: str = dspy.InputField(default="")
    earlier: str = dspy.InputField(default="")
    situation: str = dspy.InputField()
    conversation: Conversation = dspy.InputField()
    hint: str = dspy.InputField(default="")
    begun: str = dspy.InputField(default="")
    reply: str = dspy.OutputField()
