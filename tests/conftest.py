"""No test reads the developer's own settings or writes into their folders, and dspy never fetches a price list."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile

for _name in [name for name in os.environ if name.startswith("PERSONA_")]:
    del os.environ[_name]
_HOME = tempfile.mkdtemp(prefix="persona-tests-")
os.environ["PERSONA_HOME"] = _HOME
os.environ["DSPY_CACHEDIR"] = os.path.join(_HOME, "dspy")
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.server import PostgreSQL

    from brain.policy.rules import Rules
    from brain.store.store import Store

# The same examples on every machine and no deadline, so that a busy machine fails nothing.
settings.register_profile("persona", deadline=None, derandomize=True, database=None, print_blob=False)
settings.load_profile("persona")


@pytest.fixture(scope="session", autouse=True)
def _throw_home_away() -> Iterator[None]:
    yield
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The topic rules of the packaged policy."""
    from brain.policy.policy_file import load_policy
    from brain.policy.rules import Rules

    return Rules(load_policy())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of its own."""
    from brain.store.store import Store

    opened = Store(f"sqlite:///{tmp_path / 'persona.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A server of the tests' own, where PostgreSQL is installed."""
    if not (shutil.which("initdb") and shutil.which("postgres")):
        pytest.skip("PostgreSQL is not installed: no initdb and postgres on the path")
    from store.server import running_postgresql

    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgresql())
        except (OSError, KeyError, subprocess.CalledProcessError) as exc:
            pytest.skip(f"PostgreSQL cannot be started here: {exc}")
        yield server


@pytest.fixture(scope="session")
def compiled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PERSONA_HOME in which the bundled voice is compiled."""
    from brain.config import load_settings
    from brain.voices import open_artifact

    home = tmp_path_factory.mktemp("compiled")
    open_artifact(load_settings({"home": home}))
    return home


@pytest.fixture
def home(compiled_home: Path, tmp_path: Path) -> Path:
    """A fresh home in which the bundled voice is compiled already; without rhythm, so it says what the model says."""
    copy = shutil.copytree(compiled_home, tmp_path / "home")
    for file in copy.rglob("manifest.json"):
        manifest = json.loads(file.read_bytes())
        manifest["recipe"]["rhythm"] = False
        file.write_text(json.dumps(manifest))
    return copy
