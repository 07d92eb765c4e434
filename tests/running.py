"""The program, run as a script would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lms.servers import OllamaServer


def persona(
    *arguments: str,
    home: Path,
    server: OllamaServer | None = None,
    given: str | bytes = "",
    environ: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Standard output, standard error and exit code; `server` is asked instead of the embedded model."""
    model = ("-m", "ollama/tiny") if server else ()
    own = {"PERSONA_HOME": str(home), "OLLAMA_HOST": server.url if server else "127.0.0.1:9"}
    judged = {"PERSONA_JUDGE": "off"}  # a scripted server has no replies for a probe
    variables = {**judged, **os.environ, **own, **(environ or {})}
    done = subprocess.run(
        [sys.executable, "-m", "brain", *arguments, *model],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env=variables,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
