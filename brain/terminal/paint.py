"""The first thing on screen, before anything heavy is imported: notice and prompt within a few milliseconds."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Attributes = list[Any]  # as termios has them

NOTICE = "You are talking to an AI that writes in a real person's style; nobody types."
HELP = "/help for commands · Ctrl-D leaves"
PROMPT = "› "
EMPTY_HINT = "Ctrl-D leaves · /help for commands"


def paint() -> None:
    """Notice and a bare prompt; what is typed meanwhile, Ctrl-C too, waits unseen for the real one."""
    sys.stdout.write(f"{NOTICE}\n{HELP}\n\n{PROMPT}")
    sys.stdout.flush()
    _hold_keys(signals=False)


def wipe_prompt() -> None:
    """Clears the bare prompt, so that the real one takes its place."""
    sys.stdout.write(f"\r{' ' * len(PROMPT)}\r")
    sys.stdout.flush()


@contextmanager
def quiet_keys() -> Iterator[None]:
    """Keys pressed meanwhile are kept for the next prompt and not echoed; Ctrl-C still interrupts."""
    before = _hold_keys()
    try:
        yield
    finally:
        _set(before)


def restore(attributes: Attributes | None) -> None:
    """Gives the terminal back as `terminal_attributes` found it."""
    _set(attributes)


def terminal_attributes() -> Attributes | None:
    """How the terminal is set now; None where there is none."""
    try:
        import termios

        return termios.tcgetattr(sys.stdin)
    except (ImportError, OSError, ValueError):
        return None
    except termios.error:
        return None


def _hold_keys(*, signals: bool = True) -> Attributes | None:
    """No echo, no line editing, and Enter stays Enter: the prompt reads the keys later, as they were pressed.

    Returns the attributes as they were.
    """
    before = terminal_attributes()
    if before is not None:
        import termios

        held = [*before]
        held[0] &= ~termios.ICRNL
        held[3] &= ~(termios.ECHO | termios.ICANON)
        held[3] = held[3] | termios.ISIG if signals else held[3] & ~termios.ISIG
        _set(held)
    return before


def _set(attributes: Attributes | None) -> None:
    if attributes is not None:
        import termios

        termios.tcsetattr(sys.stdin, termios.TCSANOW, attributes)
