"""The program, run as a script would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
from click.testing import CliRunner

from brain.cli import main

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
    variables = {**os.environ, **_variables(home, server), **(environ or {})}
    done = subprocess.run(
        [sys.executable, "-m", "brain", *arguments, *_model(server)],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env=variables,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def persona_here(
    *arguments: str, home: Path, server: OllamaServer | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """The same in this process, which spares the imports; for what does not depend on being a process."""
    before, mask = sys.argv, os.umask(0o077)
    sys.argv = ["persona", *arguments, *_model(server)]
    try:
        runner, program = CliRunner(env=_variables(home, server)), click.Command("persona", callback=main)
        done = runner.invoke(program, [], input=given, standalone_mode=False)
        if done.exception:
            raise done.exception
        return subprocess.CompletedProcess(sys.argv, done.return_value, done.stdout, done.stderr)
    finally:
        sys.argv = before
        os.umask(mask)


def _model(server: OllamaServer | None) -> tuple[str, ...]:
    return ("-m", "ollama/tiny") if server else ()


def _variables(home: Path, server: OllamaServer | None) -> dict[str, str]:
    own = {"PERSONA_HOME": str(home), "OLLAMA_HOST": server.url if server else "127.0.0.1:9"}
    judged = os.environ.get("PERSONA_JUDGE", "off")  # a scripted server has no replies for a probe
    return {**own, "PERSONA_JUDGE": judged}
