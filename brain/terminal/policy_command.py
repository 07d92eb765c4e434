"""`persona policy`: what is forbidden, and what the rules say of a text. No model is loaded for it."""

from __future__ import annotations

import click

from brain.terminal.policy_check import check
from brain.terminal.policy_sanitise import sanitise
from brain.terminal.policy_show import show


@click.group()
def policy() -> None:
    """Show what is forbidden, and try texts against it."""


policy.add_command(show)
policy.add_command(check)
policy.add_command(sanitise)
