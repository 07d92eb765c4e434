"""What travels with the program: the bundled voice's folder, and in it the policy that holds unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brain.config import Settings

BUNDLED = "nela"


def bundled_data() -> Path:
    """The folder of the bundled voice, beside this package: conversations.json, persona.toml and policy.toml."""
    return Path(__file__).resolve().parents[1] / "training_data"


def policy_file(settings: Settings) -> Path:
    """The policy file in force: the operator's, or the bundled one."""
    return settings.policy or bundled_data() / "policy.toml"
