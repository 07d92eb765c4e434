"""The console that commands print their tables on."""

from __future__ import annotations

import os

from rich.console import Console


def build_console(*, soft_wrap: bool = False) -> Console:
    """Colours only where they are wanted: rich keeps bold under NO_COLOR, which is an escape code as well."""
    return Console(highlight=False, soft_wrap=soft_wrap, color_system=None if os.environ.get("NO_COLOR") else "auto")
