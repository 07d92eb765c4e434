"""Whether the process behind a reply still lives."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from brain.store.owner import is_gone, this_process

SAY_WHO = "from brain.store.owner import this_process; print(this_process(), flush=True); input()"


@pytest.fixture
def other():
    process = subprocess.Popen([sys.executable, "-c", SAY_WHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def test_a_process_is_gone_when_it_is_dead(other):
    """Also before its parent has taken notice."""
    owner = other.stdout.readline().decode().strip()
    assert not is_gone(owner)
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet cleared away

    assert is_gone(owner)


def test_this_process_lives():
    """And has one name."""
    assert not is_gone(this_process())
    assert this_process() == this_process()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process started")
def test_a_number_that_was_given_again_is_another_process():
    """What tells them apart is when they started."""
    place, pid, start = this_process().rsplit(":", 2)

    assert is_gone(f"{place}:{pid}:{int(start) - 1}")


@pytest.mark.parametrize("owner", ["elsewhere:1:1", "elsewhere:999999999:"])
def test_of_another_machine_nothing_is_known(owner):
    """Its heartbeat alone tells."""
    assert not is_gone(owner)


def test_a_process_that_does_not_say_when_it_started_lives_while_its_number_does():
    """As on systems without /proc."""
    place, pid, _ = this_process().rsplit(":", 2)

    assert not is_gone(f"{place}:{pid}:")
    assert is_gone(f"{place}:999999999:")


def test_a_process_of_somebody_else_is_alive():
    """The first process of a machine is root's; whoever may not ask learns nothing that counts as death."""
    place, _, _ = this_process().rsplit(":", 2)

    assert not is_gone(f"{place}:1:")
