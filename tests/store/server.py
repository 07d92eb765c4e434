"""A PostgreSQL of its own: made, started and stopped for the tests, reached through a socket in its folder alone."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "persona"
PASSWORD = "not-for-anybody"
_PATIENCE = 60.0


class PostgreSQL:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    def url(self, name: str = "postgres", *, password: str = PASSWORD) -> str:
        """The address of one of its databases, as a person would write it."""
        return f"postgresql://{USER}:{password}@/{name}?host={self.folder}"

    def fresh(self) -> str:
        """The address of a new, empty schema: as good as a database, and made in no time."""
        name = f"persona{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        return f"{self.url()}&options=-csearch_path%3D{name}"

    def database(self, encoding: str = "UTF8") -> str:
        """The address of a new, empty database."""
        name = f"persona{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} ENCODING {} LOCALE 'C' TEMPLATE template0")
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(encoding)))
        return self.url(name)

    def rows(self, url: str, statement: str) -> list[Any]:
        """What another program sees there."""
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement))
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """Starts one and stops it in the end. Raises OSError or CalledProcessError where that cannot be done."""
    folder = Path(tempfile.mkdtemp(prefix="persona-pg-"))
    try:
        other = _another_user(folder)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        os.chmod(secret, 0o644)
        make = ["initdb", "-D", folder / "data", "-U", USER, "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8"]
        subprocess.run([*make, "--locale=C", "-N"], check=True, capture_output=True, cwd=folder, **other)
        run = ["postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(run, stdout=log, stderr=log, cwd=folder, **other)
        try:
            server = PostgreSQL(folder)
            _wait(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth a last checkpoint
            process.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _another_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _wait(server: PostgreSQL, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError as exc:
            if process.poll() is not None or time.monotonic() > end:
                raise OSError(f"did not start: {(server.folder / 'log').read_text()}") from exc
            time.sleep(0.05)
        else:
            return
